import { endpoints, type PipelineRun } from '@slipway/schema';
import { InvalidArgumentError, type Command } from 'commander';
import { createClient, findDaemon } from './client';
import { print, printJson } from './output';
import { summaryOf } from './run-summary';

const PAGE = 100;

/** `slipway runs NAME`: the pipeline's runs, newest first. */
export function runsCommand(program: Command): void {
  program
    .command('runs <pipeline>')
    .description('List the runs of a pipeline, newest first.')
    .option('--limit <number>', 'at most so many', toCount, 500)
    .option('--json', 'print one JSON value')
    .option('--home <folder>', 'the daemon’s home')
    .action(async (pipeline: string, options: { limit: number; json?: boolean; home?: string }) => {
      const client = createClient(findDaemon(options.home));
      const runs: PipelineRun[] = [];
      for (let cursor: string | undefined, isMore = true; isMore; isMore = cursor !== undefined && runs.length < options.limit) {
        const page = await client.call(endpoints.pipelines.listRuns, { params: { name: pipeline }, query: { limit: Math.min(PAGE, options.limit), cursor } });
        runs.push(...page.items);
        cursor = page.nextCursor;
      }
      if (options.json) {
        printJson(runs.map(summaryOf));
        return;
      }
      for (const run of runs) {
        const metrics = Object.entries(run.metrics).map(([name, value]) => `${name}=${value}`);
        print([run.createdAt, run.runId, `v${run.version}`, run.status.padEnd(9), run.trigger.padEnd(8), ...metrics].join('  '));
      }
    });
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) {
    throw new InvalidArgumentError('A limit is a whole number from 1 on.');
  }
  return count;
}
