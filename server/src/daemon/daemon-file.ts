import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../core/package-root';
import type { HomePaths } from './home';

const DaemonFile = z.object({ pid: z.number().int(), url: z.string(), socket: z.string(), version: z.string(), build: z.string() });
/** What a ready daemon tells of itself in `HOME/daemon.json`. */
export type DaemonFile = z.infer<typeof DaemonFile>;

export function readDaemonFile(paths: HomePaths): DaemonFile | null {
  try {
    return DaemonFile.parse(JSON.parse(readFileSync(paths.daemonFile, 'utf8')));
  } catch {
    return null;
  }
}

/** Written whole or not at all, 0600; the port is kept for the next start. */
export function writeDaemonFile(paths: HomePaths, daemon: DaemonFile): void {
  writePrivate(paths.daemonFile, `${JSON.stringify(daemon)}\n`);
  writePrivate(join(paths.home, 'last-port'), new URL(daemon.url).port);
}

export function removeDaemonFile(paths: HomePaths): void {
  rmSync(paths.daemonFile, { force: true });
}

/** The port of the last daemon of this home. */
export function lastPort(paths: HomePaths): number | undefined {
  try {
    return Number(readFileSync(join(paths.home, 'last-port'), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

export function version(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}

/** Tells one build from another: a digest of the running file (the bundle). */
export function buildId(): string {
  return createHash('sha256').update(readFileSync(__filename)).digest('hex').slice(0, 12);
}

function writePrivate(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}
