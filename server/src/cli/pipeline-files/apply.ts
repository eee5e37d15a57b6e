import { endpoints, type PipelineVersion } from '@slipway/schema';
import type { Command } from 'commander';
import { createClient, findDaemon } from '../client';
import { print, printJson, progress } from '../output';
import { loadPipelines } from './load';

interface Options {
  json?: boolean;
  home?: string;
}

/** `slipway apply FILE…`: makes what each file or module declares the newest version of its pipeline, or says that it is that already. */
export function applyCommand(program: Command): void {
  program
    .command('apply <file...>')
    .description('Make pipeline files (NAME.pipeline.yaml), or Python modules that declare pipelines, the newest versions.')
    .option('--json', 'print one JSON value')
    .option('--home <folder>', 'the daemon’s home')
    .action(apply);
}

async function apply(paths: string[], options: Options): Promise<void> {
  const loaded = await loadPipelines(paths); // all are readable, or nothing is applied
  const client = createClient(findDaemon(options.home));
  for (const body of loaded) {
    await client.call(endpoints.pipelineFiles.check, { body });
  }
  const results = [];
  for (const body of loaded) {
    const saved = await client.call(endpoints.pipelineFiles.apply, { body });
    results.push(summary(saved));
    saved.warnings.forEach(text => progress(`warning: ${text}`));
    if (!options.json) {
      print(saved.isUnchanged ? `${saved.pipeline} is unchanged: version ${saved.version}.` : `${saved.pipeline} has version ${saved.version}: ${saved.steps.map(s => s.name).join(', ')}.`);
    }
  }
  if (options.json) {
    printJson(results);
  }
}

function summary(saved: PipelineVersion & { warnings: string[] }) {
  const { pipeline, version, contentHash, isUnchanged, warnings } = saved;
  return { pipeline, version, contentHash, status: isUnchanged ? 'unchanged' : 'saved', steps: saved.steps.map(s => s.name), warnings };
}
