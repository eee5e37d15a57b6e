import { endpoints, type PipelineRun } from '@slipway/schema';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { createClient, findDaemon, type Client } from './client';
import { CliError, EXIT, print } from './output';
import { isOver } from './run-summary';

const POLL_MS = 300;

interface LogsOptions {
  step?: string;
  follow?: boolean;
  home?: string;
}

/** `slipway logs RUN`: what the run's steps printed. */
export function logsCommand(program: Command): void {
  program
    .command('logs <run>')
    .description('Print the log of a run.')
    .option('--step <name>', 'this step only')
    .option('--follow', 'go on until the run is over')
    .option('--home <folder>', 'the daemon’s home')
    .action(async (runId: string, options: LogsOptions) => {
      const client = createClient(findDaemon(options.home));
      const run = await client.call(endpoints.pipelines.run, { params: { runId } });
      const names = run.steps.map(s => s.name);
      if (options.step !== undefined && !names.includes(options.step)) {
        throw new CliError(EXIT.usage, 'step_not_found', `The run has no step ${options.step}; it has: ${names.join(', ')}.`);
      }
      for (const name of options.step === undefined ? names : [options.step]) {
        await printLog(client, run, name, options);
      }
    });
}

async function printLog(client: Client, run: PipelineRun, step: string, options: LogsOptions): Promise<void> {
  if (options.step === undefined) {
    print(`== ${step} ==`);
  }
  let endsInLine = true;
  for (let offset = 0; ; ) {
    const chunk = await client.call(endpoints.pipelines.log, { params: { runId: run.runId, step }, query: { offset } });
    process.stdout.write(chunk.text);
    endsInLine = chunk.text === '' ? endsInLine : chunk.text.endsWith('\n');
    const isAtEnd = chunk.isComplete || chunk.nextOffset === offset;
    offset = chunk.nextOffset;
    if (isAtEnd && (chunk.isComplete || !options.follow || isOver(await client.call(endpoints.pipelines.run, { params: { runId: run.runId } })))) {
      break;
    }
    if (isAtEnd) {
      await sleep(POLL_MS);
    }
  }
  if (!endsInLine) {
    print('');
  }
}
