import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Most files one glob may find: watching more is a database's work. */
export const GLOB_LIMIT = 10_000;

/** A glob as a pattern over whole paths: `*` within a name, `**` over folders, `?` one character. */
export function globPattern(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|[*?]|[.+^${}()|[\]\\]/g, part => ({ '**/': '(?:[^/]+/)*', '**': '.*', '*': '[^/]*', '?': '[^/]' })[part] ?? `\\${part}`);
  return new RegExp(`^${source}$`, 's');
}

/** Files that match, each with what changes when it does: size, time and inode. @throws where there are more than the limit */
export async function globFiles(glob: string): Promise<Map<string, string>> {
  const fixed = glob.slice(0, Math.max(0, glob.search(/[*?]/)) || glob.length);
  const pattern = globPattern(glob);
  const found = new Map<string, string>();
  const isDeep = glob.includes('**');
  const depth = glob.split('/').length;

  async function visit(path: string): Promise<void> {
    const info = await stat(path, { bigint: true }).catch(() => null); // gone meanwhile, or not ours to see
    if (info?.isFile() && pattern.test(path)) {
      found.set(path, `${info.size}/${info.mtimeNs}/${info.ino}`);
      if (found.size > GLOB_LIMIT) {
        throw new Error(`More than ${GLOB_LIMIT} files match ${glob}.`);
      }
    } else if (info?.isDirectory() && (isDeep || path.split('/').length < depth)) {
      for (const name of await readdir(path).catch(() => [])) {
        await visit(join(path, name));
      }
    }
  }
  await visit(fixed === glob ? glob : fixed.slice(0, fixed.lastIndexOf('/')) || '/');
  return found;
}
