import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const LIST = `
import importlib.metadata as m, json, os, sys
print(json.dumps({"path": [p for p in sys.path if os.path.isdir(p)], "is": [sys.version, sys.platform, sorted({f"{d.metadata['Name']}=={d.version}" for d in m.distributions()})]}))`;

/**
 * Hashes of interpreters and the distributions installed for them: another
 * environment, another key. An interpreter is asked again only when it or one
 * of its package folders has changed, as every install changes them.
 */
export function createEnvironmentLocks(): (python: string) => Promise<string> {
  const known = new Map<string, { lock: string; folders: string[]; stamp: string }>();
  return async python => {
    const last = known.get(python);
    if (last && last.stamp === (await stampOf([python, ...last.folders]))) {
      return last.lock;
    }
    const { stdout } = await promisify(execFile)(python, ['-c', LIST], { cwd: '/', maxBuffer: 16 * 2 ** 20 });
    const { path, is } = JSON.parse(stdout) as { path: string[]; is: unknown };
    const lock = createHash('sha256').update(JSON.stringify(is)).digest('hex');
    known.set(python, { lock, folders: path, stamp: await stampOf([python, ...path]) });
    return lock;
  };
}

async function stampOf(paths: readonly string[]): Promise<string> {
  const stats = await Promise.all(paths.map(path => stat(path, { bigint: true }).catch(() => undefined)));
  return stats.map(s => (s ? `${s.ino}/${s.mtimeNs}` : '-')).join(' ');
}
