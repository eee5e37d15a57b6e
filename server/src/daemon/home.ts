import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';

export type HomePaths = ReturnType<typeof homePaths>;

/**
 * Where things lie below a home, and in the short runtime folder that belongs
 * to it. That is not in XDG_RUNTIME_DIR: it goes when the user logs out, and
 * the daemon stays. `slipway/proxy.py` finds the socket by the same rule.
 */
export function homePaths(home: string, runtimeBase = '/tmp') {
  const root = resolve(home);
  const short = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const runtimeDir = join(runtimeBase, `slipway-${userInfo().uid}-${short}`);
  return {
    home: root,
    daemonFile: join(root, 'daemon.json'),
    lockFile: join(root, 'daemon.lock'),
    token: join(root, 'token'),
    proxySecret: join(root, 'proxy-secret'),
    /** Opens the webhooks' secrets; daemons that share a database share it. */
    webhookKey: join(root, 'webhook-key'),
    /** Seals the secrets of pipeline steps; daemons that share a database share it. */
    secretKey: join(root, 'secret-key'),
    /** Files that steps may be handed as secrets. */
    secrets: join(root, 'secrets'),
    spool: join(root, 'spool'),
    artifacts: join(root, 'artifacts'),
    work: join(root, 'work'),
    postgres: join(root, 'postgres'),
    logs: join(root, 'logs'),
    /** 0700; its name is short because a socket's path may have 107 bytes at most. */
    runtimeDir,
    socket: join(runtimeDir, 'daemon.sock')
  } as const;
}

/**
 * Makes the folders that are missing, each 0700.
 *
 * @throws if the runtime folder is somebody else's: its name can be guessed
 */
export function prepareHome(paths: HomePaths): void {
  for (const folder of [paths.home, paths.secrets, paths.spool, paths.artifacts, paths.work, paths.logs]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  mkdirSync(paths.runtimeDir, { recursive: true, mode: 0o700 });
  const stat = lstatSync(paths.runtimeDir);
  if (!stat.isDirectory() || stat.uid !== userInfo().uid) {
    throw new Error(`${paths.runtimeDir} belongs to another user; remove it or set SLIPWAY_RUNTIME_DIR to a folder of your own.`);
  }
  chmodSync(paths.runtimeDir, 0o700);
}
