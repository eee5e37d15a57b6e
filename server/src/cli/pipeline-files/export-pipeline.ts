import { endpoints, ExportTarget, type PipelineExport } from '@slipway/schema';
import type { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildContent, exportPipeline, readSources, SUFFIX, wholeStarters } from '../../pipeline-files';
import { createClient, findDaemon } from '../client';
import { CliError, EXIT, print, printJson, progress } from '../output';
import { toVersion } from '../run';
import { loadFiles } from './load';

interface Options {
  to: string;
  output?: string;
  pipelineVersion?: number;
  json?: boolean;
  home?: string;
}

/** `slipway export-pipeline NAME|FILE --to airflow|kfp|argo`: a pipeline for another orchestrator; of a file without a daemon. */
export function exportPipelineCommand(program: Command): void {
  program
    .command('export-pipeline <pipeline>')
    .description(`Write a pipeline, or a pipeline file (NAME${SUFFIX}, no daemon needed), for another orchestrator.`)
    .requiredOption('--to <target>', `one of ${ExportTarget.options.join(', ')}`)
    .option('--output <file>', 'write to this file; - for stdout (default: a file named after the pipeline)')
    .option('--pipeline-version <number>', 'this version (default: the latest)', toVersion)
    .option('--json', 'print one JSON value, the file’s text in it')
    .option('--home <folder>', 'the daemon’s home')
    .action(async (pipeline: string, options: Options) => {
      const target = ExportTarget.safeParse(options.to);
      if (!target.success) {
        throw new CliError(EXIT.usage, 'bad_arguments', `--to takes ${ExportTarget.options.join(', ')}; not ${options.to}.`);
      }
      const exported = await exportOf(pipeline, target.data, options);
      if (options.json) {
        printJson(exported);
        return;
      }
      exported.warnings.forEach(text => progress(`warning: ${text}`));
      if (options.output === '-') {
        process.stdout.write(exported.text);
        return;
      }
      const path = resolve(options.output ?? exported.fileName);
      writeFileSync(path, exported.text);
      print(`written ${path}`);
    });
}

async function exportOf(pipeline: string, target: ExportTarget, options: Options): Promise<PipelineExport> {
  if (!pipeline.endsWith(SUFFIX)) {
    const query = options.pipelineVersion === undefined ? {} : { version: options.pipelineVersion };
    return createClient(findDaemon(options.home)).call(endpoints.pipelineFiles.export, { params: { name: pipeline, target }, query });
  }
  const { folder, files } = loadFiles(pipeline);
  const { name, content, starters } = buildContent(readSources(folder, files));
  return exportPipeline(target, { name, content, starters: wholeStarters(starters) });
}
