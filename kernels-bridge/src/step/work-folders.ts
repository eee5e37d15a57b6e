import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const ELSEWHERE = '/var/tmp/slipway-steps-';

/**
 * Where steps' own folders lie: in `workDir`, or elsewhere for a notebook in a
 * folder above it (a home folder that holds `.slipway`), for a layer cannot
 * lie within what it covers. What a killed daemon left is removed.
 */
export function createWorkFolders(workDir: string) {
  mkdirSync(workDir, { recursive: true, mode: 0o700 });
  const own = realpathSync(workDir);
  const note = join(own, 'elsewhere');
  const left = existsSync(note) ? readFileSync(note, 'utf8') : '';
  if (left.startsWith(ELSEWHERE)) {
    rmSync(left, { recursive: true, force: true });
  }
  readdirSync(own).forEach(name => rmSync(join(own, name), { recursive: true, force: true }));
  let elsewhere: string | undefined;

  function makeElsewhere(): string {
    const made = mkdtempSync(ELSEWHERE);
    writeFileSync(note, made);
    return made;
  }

  return {
    /** The root for a step over `folder`. */
    for(folder: string): string {
      const isAbove = existsSync(folder) && own.startsWith(realpathSync(folder).replace(/\/$/, '') + sep);
      return isAbove ? (elsewhere ??= makeElsewhere()) : own;
    }
  };
}
