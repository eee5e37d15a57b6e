import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../src/cli';

/** One command as its user gives it, in this process; the daemon is the one of SLIPWAY_URL. */
export async function slipway(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const writes = [jest.spyOn(process.stdout, 'write').mockImplementation(text => out.push(String(text)) > 0), jest.spyOn(process.stderr, 'write').mockImplementation(text => err.push(String(text)) > 0)];
  process.exitCode = undefined;
  try {
    const code = await main(args);
    return { code, stdout: out.join(''), stderr: err.join('') };
  } finally {
    process.exitCode = undefined;
    writes.forEach(w => w.mockRestore());
  }
}

/** Files in a folder of their own. */
export function folderWith(files: Record<string, string>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-files-')));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
