import { endpoints, type PipelineRun } from '@slipway/schema';
import { InvalidArgumentError, type Command } from 'commander';
import { createClient, findDaemon, type Client } from './client';
import { follow } from './follow';
import { EXIT, print, printJson } from './output';
import { collectParam, typedParams } from './params';
import { isOver, printRun, summaryOf } from './run-summary';

interface RunOptions {
  param?: Record<string, string>;
  pipelineVersion?: number;
  cache: boolean;
  wait?: boolean;
  json?: boolean;
  home?: string;
}

/** `slipway run NAME`: starts a run; with `--wait` its end decides the exit code. */
export function runCommand(program: Command): void {
  program
    .command('run <pipeline>')
    .description('Start a run of a pipeline.')
    .option('--param <name=value>', 'a parameter of the run; may be given several times', collectParam)
    .option('--pipeline-version <number>', 'this version (default: the latest)', toVersion)
    .option('--no-cache', 'run every step anew')
    .option('--wait', 'wait for its end; exit 1 unless it succeeds')
    .option('--json', 'print one JSON value')
    .option('--home <folder>', 'the daemon’s home')
    .action(run);
}

async function run(pipeline: string, options: RunOptions): Promise<void> {
  const daemon = findDaemon(options.home);
  const client = createClient(daemon);
  const params = await paramsOf(client, pipeline, options);
  const started = await client.call(endpoints.pipelines.start, {
    params: { name: pipeline },
    body: { params, useCache: options.cache, ...(options.pipelineVersion !== undefined && { version: options.pipelineVersion }) }
  });
  const shown = options.wait && !isOver(started) ? await untilOver(daemon, client, started.runId) : started;
  if (options.json) {
    printJson(summaryOf(shown));
  } else if (options.wait) {
    printRun(shown);
  } else {
    print(`Started run ${shown.runId}.`);
  }
  process.exitCode = options.wait && shown.status !== 'succeeded' ? EXIT.failed : EXIT.ok;
}

async function paramsOf(client: Client, pipeline: string, options: RunOptions) {
  if (!options.param) {
    return {};
  }
  const version = options.pipelineVersion ?? (await client.call(endpoints.pipelines.get, { params: { name: pipeline } })).latestVersion;
  const { params } = await client.call(endpoints.pipelines.version, { params: { name: pipeline, version: String(version) } });
  return typedParams(options.param, params);
}

/** The run once it is over. */
export function untilOver(daemon: ReturnType<typeof findDaemon>, client: Client, runId: string): Promise<PipelineRun> {
  return follow(
    daemon,
    () => runId,
    async () => {
      const found = await client.call(endpoints.pipelines.run, { params: { runId } });
      return isOver(found) ? found : undefined;
    }
  );
}

export function toVersion(text: string): number {
  const version = Number(text);
  if (!Number.isInteger(version) || version < 1) {
    throw new InvalidArgumentError('A version is a whole number from 1 on.');
  }
  return version;
}
