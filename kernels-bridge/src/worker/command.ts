import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { WorkerSandbox, WorkerSpec } from './spec';

/**
 * The command line of a worker. In bubblewrap it has a pid namespace of its
 * own (so that no grandchild outlives it), no network, and every file
 * read-only but its scratch folder.
 */
export function workerCommand(spec: WorkerSpec, sandbox: WorkerSandbox): [string, ...string[]] {
  const inner: [string, ...string[]] = [spec.python, ...spec.args];
  if (sandbox.kind === 'none') {
    return inner;
  }
  // Nothing can be mounted over a link: folders are mounted where they really are.
  const hidden = sandbox.hiddenPaths.filter(path => existsSync(path)).map(path => realpathSync(path));
  const shown = [...ownFolders(spec), ...spec.readOnly].filter(path => existsSync(path));
  const scratch = realpathSync(spec.scratch);
  return [
    'bwrap',
    '--die-with-parent',
    '--new-session',
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-net'],
    ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    ...hidden.flatMap(path => ['--tmpfs', path]),
    // After what hides: an interpreter or model below a hidden folder is seen all the same.
    ...shown.flatMap(path => ['--ro-bind', realpathSync(path), realpathSync(path)]),
    ...shown.flatMap(path => linksBelow(hidden, path)),
    ...['--bind', scratch, scratch, '--chdir', scratch],
    '--',
    ...inner
  ];
}

/** The link again that a path leads through, where what hides has taken it away. */
function linksBelow(hidden: readonly string[], path: string): string[] {
  const [place, real] = [join(realpathSync(dirname(path)), basename(path)), realpathSync(path)];
  return place !== real && hidden.some(folder => place.startsWith(`${folder}${sep}`)) ? ['--symlink', real, place] : [];
}

/** The environment of the interpreter (a venv and the Python it was made from) and the folder of the script. */
function ownFolders(spec: WorkerSpec): string[] {
  const environment = dirname(dirname(resolve(spec.python)));
  const base = existsSync(spec.python) ? dirname(dirname(realpathSync(spec.python))) : environment;
  // `/` and `/usr` are bound already, with what is hidden in them.
  return [...new Set([environment, base, dirname(resolve(spec.args[0]!))])].filter(path => path.split('/').filter(Boolean).length > 1);
}

/** What a worker is told of our environment: where programs are, and the language; no token, no proxy, no MLflow server. */
export function workerEnvironment(spec: WorkerSpec): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LANG: process.env.LANG ?? 'C.UTF-8',
    HOME: spec.scratch,
    TMPDIR: spec.scratch,
    PYTHONDONTWRITEBYTECODE: '1',
    ...spec.env
  };
}
