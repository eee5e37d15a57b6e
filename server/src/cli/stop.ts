import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { readConfig } from '../core/config';
import { homePaths, type HomePaths, holderOf } from '../daemon';
import { CliError, EXIT, print, printJson } from './output';

const STOP_MS = 60_000;

/** `slipway stop`: drains and ends the daemon of the home. */
export function stopCommand(program: Command): void {
  program
    .command('stop')
    .description('Stop the daemon; running steps are handed back and go on with the next start.')
    .option('--home <folder>', 'where everything is kept')
    .option('--json', 'print one JSON value')
    .action(async (options: { home?: string; json?: boolean }) => {
      const config = readConfig(process.env);
      const paths = homePaths(options.home ?? config.home, config.runtimeBase);
      const pid = await stopDaemon(paths);
      if (pid === null) {
        throw new CliError(EXIT.noDaemon, 'no_daemon', `No daemon runs on ${paths.home}.`);
      }
      if (options.json) {
        printJson({ stopped: pid });
      } else {
        print('Slipway stopped.');
      }
    });
}

/** Asks the daemon to end and waits for it; its pid, or null where none ran. */
export async function stopDaemon(paths: HomePaths): Promise<number | null> {
  const pid = holderOf(paths);
  if (pid === null) {
    return null;
  }
  process.kill(pid, 'SIGTERM');
  const until = Date.now() + STOP_MS;
  while (Date.now() < until) {
    if (holderOf(paths) !== pid) {
      return pid;
    }
    await sleep(25);
  }
  throw new CliError(EXIT.failed, 'stop_slow', `The daemon (pid ${pid}) did not end within ${STOP_MS / 1000} s.`);
}
