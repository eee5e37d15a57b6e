import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import type { HomePaths } from './home';
import { postgresBinaries } from './postgres-binaries';

/** Who runs PostgreSQL and where: it refuses to run as root. */
export interface PostgresHost {
  binaries: string;
  dataDir: string;
  socketDir: string;
  /** Put before each PostgreSQL command. */
  prefix: string[];
  uid?: number;
  gid?: number;
}

const USER_NAMESPACE = ['unshare', '-U', '--map-user=1000', '--map-group=1000'];

/** As itself; for root in a user namespace, where root's files are user 1000's; failing that, as the user `postgres`. */
export function postgresHost(paths: HomePaths): PostgresHost {
  const binaries = postgresBinaries();
  const asItself = { binaries, dataDir: join(paths.postgres, 'data'), socketDir: paths.runtimeDir, prefix: [] };
  if (userInfo().uid !== 0) {
    return asItself;
  }
  if (spawnSync(USER_NAMESPACE[0]!, [...USER_NAMESPACE.slice(1), 'true']).status === 0) {
    return { ...asItself, prefix: USER_NAMESPACE };
  }
  return asPostgresUser(paths, binaries);
}

/** The home may be 0700 and root's: `postgres` gets its own copy of the programs and its own data, where it can reach them. */
function asPostgresUser(paths: HomePaths, source: string): PostgresHost {
  const { uid, gid } = postgresUser();
  const base = join('/var/lib/slipway', paths.runtimeDir.split('-').at(-1)!);
  const binaries = join(base, 'native');
  const socketDir = join(base, 'run');
  mkdirSync(base, { recursive: true, mode: 0o755 });
  if (!existsSync(binaries)) {
    cpSync(source, binaries, { recursive: true, verbatimSymlinks: true });
  }
  mkdirSync(socketDir, { recursive: true });
  chownSync(socketDir, uid, gid);
  chmodSync(socketDir, 0o700); // root reaches it all the same
  const parent = join(base, 'cluster');
  mkdirSync(parent, { recursive: true });
  chownSync(parent, uid, gid);
  return { binaries, dataDir: join(parent, 'data'), socketDir, prefix: [], uid, gid };
}

function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    return { uid: id('-u'), gid: id('-g') };
  }
}
