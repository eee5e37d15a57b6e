import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { readConfig } from '../core/config';
import { packageRoot } from '../core/package-root';
import { buildId, readDaemonFile, homePaths, prepareHome, type HomePaths, holderOf } from '../daemon';
import { CliError, EXIT, print, printJson, progress } from './output';
import { toPort } from './serve';
import { stopDaemon } from './stop';

const START_MS = 60_000;

interface StartOptions {
  port?: number;
  home?: string;
  sandbox?: string;
  json?: boolean;
}

/** `slipway start`: a daemon in the background; one of another build is drained and replaced. */
export function startCommand(program: Command): void {
  program
    .command('start')
    .description('Start the daemon in the background, unless it runs already.')
    .option('--port <port>', 'port on 127.0.0.1', toPort)
    .option('--home <folder>', 'where everything is kept')
    .option('--sandbox <mode>', '`auto` or `none`')
    .option('--json', 'print one JSON value')
    .action(async (options: StartOptions) => {
      if (options.sandbox !== undefined && options.sandbox !== 'none' && options.sandbox !== 'auto') {
        throw new CliError(EXIT.usage, 'bad_argument', '--sandbox is `auto` or `none`.');
      }
      const config = readConfig(process.env);
      const paths = homePaths(options.home ?? config.home, config.runtimeBase);
      prepareHome(paths);
      const url = await ensureDaemon(paths, options);
      if (options.json) {
        printJson({ url, home: paths.home });
      } else {
        print(`Slipway runs at ${url} (home ${paths.home}).`);
      }
    });
}

async function ensureDaemon(paths: HomePaths, options: StartOptions): Promise<string> {
  const running = holderOf(paths) === null ? null : await waitForFile(paths);
  if (running?.build === buildId()) {
    return running.url;
  }
  if (running) {
    progress('A daemon of another build runs: asking it to finish, then replacing it.');
    await stopDaemon(paths);
  }
  try {
    return await launch(paths, options);
  } catch (error) {
    // Two starts at once: the other's daemon is as good.
    const others = error instanceof CliError && error.exitCode === EXIT.homeTaken ? await waitForFile(paths) : null;
    if (others === null) {
      throw error;
    }
    return others.url;
  }
}

async function launch(paths: HomePaths, options: StartOptions): Promise<string> {
  const logFile = join(paths.logs, 'daemon.log');
  const fd = openSync(logFile, 'a', 0o600);
  const args = [join(packageRoot(), 'bin', 'slipway.mjs'), 'serve', '--home', paths.home];
  if (options.port !== undefined) args.push('--port', String(options.port));
  if (options.sandbox !== undefined) args.push('--sandbox', options.sandbox);
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', fd, fd], cwd: '/' });
  closeSync(fd);
  let exitCode: number | null = null;
  child.on('exit', code => (exitCode = code ?? 1));
  child.unref();
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    const file = readDaemonFile(paths);
    if (file && file.pid === child.pid) {
      return file.url;
    }
    if (exitCode !== null) {
      const code = exitCode === EXIT.portTaken || exitCode === EXIT.homeTaken ? exitCode : EXIT.failed;
      throw new CliError(code, 'daemon_failed', `The daemon did not start; ${logFile} says why.`);
    }
    await sleep(25);
  }
  throw new CliError(EXIT.failed, 'daemon_slow', `The daemon was not ready within ${START_MS / 1000} s; ${logFile} may say why.`);
}

async function waitForFile(paths: HomePaths): Promise<ReturnType<typeof readDaemonFile>> {
  const until = Date.now() + START_MS;
  while (Date.now() < until && holderOf(paths) !== null) {
    const file = readDaemonFile(paths);
    if (file && file.pid === holderOf(paths)) {
      return file;
    }
    await sleep(50);
  }
  return null;
}
