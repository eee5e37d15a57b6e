import { endpoints } from '@slipway/schema';
import type { Command } from 'commander';
import { createClient, findDaemon } from './client';
import { print, printJson } from './output';

/** `slipway status`: whether a daemon answers, and how it is. */
export function statusCommand(program: Command): void {
  program
    .command('status')
    .description('Tell how the daemon is.')
    .option('--home <folder>', 'where everything is kept')
    .option('--json', 'print one JSON value')
    .action(async (options: { home?: string; json?: boolean }) => {
      const status = await createClient(findDaemon(options.home)).call(endpoints.system.status);
      if (options.json) {
        printJson(status);
        return;
      }
      const { cpus, memoryBytes, gpus } = status.slots;
      print(`Slipway ${status.version} at ${status.url}`);
      print(`home      ${status.home}`);
      print(`database  ${status.database.kind}, ${status.database.isUp ? 'up' : 'away'}`);
      print(`sandbox   ${status.sandbox.kind}${status.sandbox.note ? ` (${status.sandbox.note})` : ''}`);
      print(`slots     ${cpus.used} of ${cpus.total} CPUs, ${gibibytes(memoryBytes.used)} of ${gibibytes(memoryBytes.total)} GiB, ${gpus.length} GPUs`);
      status.warnings.forEach(warning => print(`! ${warning}`));
    });
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
