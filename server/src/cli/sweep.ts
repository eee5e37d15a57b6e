import { endpoints, NewSweep, type Scalar, type Sweep } from '@slipway/schema';
import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { createClient, findDaemon, type Client } from './client';
import { follow } from './follow';
import { CliError, EXIT, printJson, progress } from './output';
import { collectParam, typedParams } from './params';
import { saveProved } from './productionize';
import { toVersion } from './run';
import { collectSpace, durationMs, prunerOf, spaceOf } from './sweep-space';
import { isSweepOver, printSweep } from './sweep-summary';

interface Options {
  space?: Record<string, string>;
  minimize?: string;
  maximize?: string;
  sampler?: string;
  seed?: number;
  pruner?: string;
  trials?: number;
  parallel?: number;
  timeLimit?: string;
  patience?: number;
  maxFailures?: number;
  warmStart?: string[];
  param?: Record<string, string>;
  pipelineVersion?: number;
  name?: string;
  pipelineName?: string;
  allowDifferences?: boolean;
  file?: string;
  cache: boolean;
  wait?: boolean;
  json?: boolean;
  home?: string;
}

/** `slipway sweep PIPELINE|NOTEBOOK.ipynb`: searches over its params; with `--wait` its end decides the exit code. */
export function sweepCommand(program: Command): void {
  program
    .command('sweep <pipeline>')
    .description('Search the params of a pipeline, or of a notebook (which is made a pipeline first), for the best value of a metric.')
    .option('--space <name=values>', 'NAME=float:LOW:HIGH[:log|:STEP], NAME=int:…, NAME=choice:A,B; may be given several times', collectSpace)
    .option('--minimize <metric>', 'the metric to make small')
    .option('--maximize <metric>', 'the metric to make large')
    .option('--sampler <kind>', 'grid, random, tpe or cma-es (default: tpe)')
    .option('--seed <number>', 'of the sampler', Number)
    .option('--pruner <kind[:option=n,…]>', 'none, median, asha or hyperband (default: none)')
    .option('--trials <number>', 'how many, at most (default: 20; a grid: all its points)', Number)
    .option('--parallel <number>', 'how many at once (default: 1)', Number)
    .option('--time-limit <time>', 'start no more trials after 90s, 15m, 2h')
    .option('--patience <number>', 'end once so many trials in a row were no better', Number)
    .option('--max-failures <number>', 'fail once so many trials in a row failed (default: 5)', Number)
    .option('--warm-start <sweep>', 'learn from an earlier sweep; may be given several times', (id: string, before: string[] = []) => [...before, id])
    .option('--param <name=value>', 'a value for all trials; may be given several times', collectParam)
    .option('--pipeline-version <number>', 'this version (default: the latest)', toVersion)
    .option('--name <name>', 'the sweep’s name')
    .option('--pipeline-name <name>', 'of a notebook: the pipeline’s name (default: the notebook’s)')
    .option('--allow-differences', 'of a notebook: go on even where the pipeline’s results differ from it')
    .option('--file <json>', 'take what no option says from this file, written as the API takes it')
    .option('--no-cache', 'run every step of every trial anew')
    .option('--wait', 'wait for its end; exit 1 unless it succeeds')
    .option('--json', 'print one JSON value')
    .option('--home <folder>', 'the daemon’s home')
    .action(sweep);
}

async function sweep(what: string, options: Options): Promise<void> {
  const fromFile = options.file === undefined ? {} : readJson(options.file);
  const daemon = findDaemon(options.home);
  const client = createClient(daemon);
  const pipeline = extname(what) === '.ipynb' ? await pipelineOf(daemon, client, what, options) : what;
  if (pipeline === null) {
    return; // its results differ; that was told
  }
  const body = await bodyOf(client, pipeline, options, fromFile);
  const started = await client.call(endpoints.sweeps.create, { body });
  options.json || progress(`Started the sweep ${started.name} (${started.id}).`);
  const shown = options.wait ? await untilOver(daemon, client, started.id, options.json !== true) : started;
  options.json ? printJson(shown) : printSweep(shown);
  process.exitCode = options.wait && shown.state !== 'succeeded' ? EXIT.failed : EXIT.ok;
}

/** Makes the notebook a pipeline, as `productionize` does; null where its results differ. */
async function pipelineOf(daemon: ReturnType<typeof findDaemon>, client: Client, file: string, options: Options): Promise<string | null> {
  const name = options.pipelineName ?? basename(file, '.ipynb').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  const saved = await saveProved(daemon, client, file, { name, ...(options.allowDifferences && { allowDifferences: true }), ...(options.json && { json: true }) });
  options.json || (saved && progress(`The notebook is the pipeline ${saved.pipeline}, version ${saved.version}.`));
  return saved?.pipeline ?? null;
}

async function bodyOf(client: Client, pipeline: string, options: Options, fromFile: object) {
  const params = await paramsOf(client, pipeline, options.pipelineVersion);
  const isGrid = options.sampler === 'grid' || (fromFile as { sampler?: { kind?: string } }).sampler?.kind === 'grid';
  const given = {
    maxTrials: isGrid ? 10_000 : 20,
    ...fromFile,
    pipeline,
    ...(options.pipelineVersion !== undefined && { version: options.pipelineVersion }),
    ...(options.name !== undefined && { name: options.name }),
    ...(options.space && { space: spaceOf(options.space, params) }),
    ...objectiveOf(options),
    ...((options.sampler !== undefined || options.seed !== undefined) && { sampler: { kind: options.sampler ?? 'tpe', ...(options.seed !== undefined && { seed: options.seed }) } }),
    ...(options.pruner !== undefined && { pruner: prunerOf(options.pruner) }),
    ...(options.trials !== undefined && { maxTrials: options.trials }),
    ...(options.parallel !== undefined && { maxParallel: options.parallel }),
    ...(options.timeLimit !== undefined && { timeLimitMs: durationMs(options.timeLimit) }),
    ...(options.patience !== undefined && { patience: options.patience }),
    ...(options.maxFailures !== undefined && { maxFailures: options.maxFailures }),
    ...(options.warmStart && { warmStart: options.warmStart }),
    ...(options.param && { params: typedParams(options.param, params) }),
    ...(!options.cache && { useCache: false })
  };
  const read = NewSweep.safeParse(given);
  if (!read.success) {
    const { path, message } = read.error.issues[0]!;
    throw new CliError(EXIT.usage, 'bad_arguments', `${path.join('.') || 'The sweep'}: ${message}.`);
  }
  return read.data;
}

function objectiveOf({ minimize, maximize }: Options): object {
  if (minimize !== undefined && maximize !== undefined) {
    throw new CliError(EXIT.usage, 'bad_arguments', 'Give one of --minimize and --maximize.');
  }
  const metric = minimize ?? maximize;
  return metric === undefined ? {} : { objective: { metric, direction: minimize === undefined ? 'maximize' : 'minimize' } };
}

async function paramsOf(client: Client, name: string, asked: number | undefined): Promise<{ name: string; value: Scalar }[]> {
  const version = asked ?? (await client.call(endpoints.pipelines.get, { params: { name } })).latestVersion;
  return (await client.call(endpoints.pipelines.version, { params: { name, version: String(version) } })).params;
}

/** The sweep once it is over; each trial that ends is told of on the way. */
async function untilOver(daemon: ReturnType<typeof findDaemon>, client: Client, sweepId: string, isTold: boolean): Promise<Sweep> {
  let told = 0;
  return follow(daemon, () => sweepId, async () => {
    const found = await client.call(endpoints.sweeps.get, { params: { sweepId } });
    const { counts, best } = found;
    const over = counts.asked - counts.running;
    if (isTold && over > told) {
      told = over;
      progress(`${over} of ${found.maxTrials} trials${best ? `, best ${found.objective.metric} = ${best.value}` : ''}`);
    }
    return isSweepOver(found) ? found : undefined;
  });
}

function readJson(file: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      return value;
    }
  } catch (cause) {
    throw new CliError(EXIT.usage, 'bad_arguments', `${file} cannot be read as JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  throw new CliError(EXIT.usage, 'bad_arguments', `${file} holds no JSON object.`);
}
