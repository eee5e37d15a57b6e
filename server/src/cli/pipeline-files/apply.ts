import { endpoints, type AppliedPipelineFiles } from '@slipway/schema';
import type { Command } from 'commander';
import { inOrderOfNeed } from '../../pipeline-files';
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
  const loaded = inOrderOfNeed(await loadPipelines(paths)); // all are readable, or nothing is applied
  const client = createClient(findDaemon(options.home));
  for (const [i, { body }] of loaded.entries()) {
    await client.call(endpoints.pipelineFiles.check, { body: { ...body, alongside: loaded.slice(0, i).map(l => l.name) } });
  }
  const results = [];
  for (const { body } of loaded) {
    const saved = await client.call(endpoints.pipelineFiles.apply, { body });
    results.push(summary(saved));
    saved.warnings.forEach(text => progress(`warning: ${text}`));
    saved.hooks.forEach(hook => progress(`webhook of trigger ${hook.trigger}: POST ${hook.path}, secret ${hook.secret} (shown only now)`));
    if (!options.json) {
      print(sentence(saved));
    }
  }
  if (options.json) {
    printJson(results);
  }
}

function sentence({ pipeline, version, isUnchanged, steps, starters }: AppliedPipelineFiles): string {
  const started = starters.map(({ kind, name, change }) => `${kind} ${name} ${change}`).join(', ');
  const head = isUnchanged ? `${pipeline} ${started === '' ? 'is unchanged:' : 'keeps'} version ${version}` : `${pipeline} has version ${version}: ${steps.map(s => s.name).join(', ')}`;
  return `${head}${started === '' ? '' : `; ${started}`}.`;
}

function summary(saved: AppliedPipelineFiles) {
  const { pipeline, version, contentHash, isUnchanged, warnings, starters, hooks } = saved;
  return { pipeline, version, contentHash, status: isUnchanged && starters.length === 0 ? 'unchanged' : 'saved', steps: saved.steps.map(s => s.name), starters, hooks, warnings };
}
