import { expect, test } from '@playwright/test';
import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stage } from '../stage/stage';

/** Processes whose command line or environment names the folder. */
function processesOf(folder: string): string[] {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return ''; // gone since
    }
  };
  return readdirSync('/proc').filter(pid => /^\d+$/.test(pid) && Number(pid) !== process.pid && (read(pid, 'cmdline') + read(pid, 'environ')).includes(folder));
}

test('a stage whose JupyterLab does not come up leaves nothing behind', async () => {
  test.slow();
  const folder = mkdtempSync(join(tmpdir(), 'slipway-ui-broken-'));
  await expect(Stage.open({ lab: '/bin/false', folder })).rejects.toThrow('did not come up');
  expect(existsSync(folder)).toBe(false);
  await expect.poll(() => processesOf(folder), { timeout: 20_000 }).toEqual([]);
});
