import { endpoints, PipelineName } from '@slipway/schema';
import type { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { printYaml, SUFFIX } from '../../pipeline-files';
import { createClient, findDaemon } from '../client';
import { CliError, EXIT, print, printJson, progress } from '../output';
import { collectParam, typedParams } from '../params';
import { untilOver } from '../run';
import { printRun, summaryOf } from '../run-summary';
import { filesBeside } from './load';

interface Options {
  name?: string;
  kernel?: string;
  param?: Record<string, string>;
  output?: string;
  cache: boolean;
  json?: boolean;
  home?: string;
}

/** `slipway run-notebook NOTEBOOK`: runs a whole notebook as it stands, as a pipeline of one step; its end decides the exit code. */
export function runNotebookCommand(program: Command): void {
  program
    .command('run-notebook <notebook>')
    .description('Run a whole notebook (or script) as a pipeline of one step, with other parameters; waits for its end.')
    .option('--name <name>', 'the pipeline’s name (default: the notebook’s)')
    .option('--kernel <name>', 'the kernel it runs in', 'python3')
    .option('--param <name=value>', 'a value of the cell tagged `parameters`; may be given several times', collectParam)
    .option('--output <file>', 'write the executed notebook here')
    .option('--no-cache', 'run it even where the same run is known')
    .option('--json', 'print one JSON value')
    .option('--home <folder>', 'the daemon’s home')
    .action(runNotebook);
}

async function runNotebook(path: string, options: Options): Promise<void> {
  const full = resolve(path);
  const name = PipelineName.safeParse(options.name ?? basename(full, extname(full)).replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, ''));
  if (!name.success) {
    throw new CliError(EXIT.usage, 'bad_arguments', `The pipeline needs another name, by --name: ${name.error.issues[0]!.message}.`);
  }
  const daemon = findDaemon(options.home);
  const client = createClient(daemon);
  const step = name.data.slice(0, 80);
  const yaml = printYaml({ slipway: 1, name: name.data, ...(options.kernel !== 'python3' && { kernel: options.kernel }), steps: { [step]: { notebook: basename(full) } } });
  const notebook = filesBeside(dirname(full), [basename(full)]);
  const saved = await client.call(endpoints.pipelineFiles.apply, { body: { folder: dirname(full), files: [{ path: `${name.data}${SUFFIX}`, text: yaml }, ...notebook] } });
  saved.warnings.forEach(text => progress(`warning: ${text}`));
  const params = typedParams(options.param ?? {}, saved.params);
  const started = await client.call(endpoints.pipelines.start, { params: { name: name.data }, body: { params, version: saved.version, useCache: options.cache } });
  const run = await untilOver(daemon, client, started.runId);
  if (options.output !== undefined) {
    const executed = await client.call(endpoints.pipelines.notebook, { params: { runId: run.runId, step } });
    writeFileSync(options.output, `${JSON.stringify(executed, null, 1)}\n`);
  }
  if (options.json) {
    printJson(summaryOf(run));
  } else {
    printRun(run);
  }
  if (options.output !== undefined && !options.json) {
    print(`The executed notebook is ${options.output}.`);
  }
  process.exitCode = run.status === 'succeeded' ? EXIT.ok : EXIT.failed;
}
