import type { Command } from 'commander';
import { join } from 'node:path';
import { buildContent, readSources } from '../../pipeline-files';
import { print, printJson, progress } from '../output';
import { loadPipelines } from './load';

/** `slipway validate FILE…`: says what is wrong with pipeline files, with file, line and column. Needs no daemon. */
export function validateCommand(program: Command): void {
  program
    .command('validate <file...>')
    .description('Check pipeline files; needs no daemon.')
    .option('--json', 'print one JSON value')
    .action(async (paths: string[], options: { json?: boolean }) => {
      const results = (await loadPipelines(paths)).map(({ folder, files }) => {
        const { name, content, warnings } = buildContent(readSources(folder, files));
        warnings.forEach(text => progress(`warning: ${text}`));
        return { file: join(folder, files[0]!.path), pipeline: name, steps: content.steps, params: content.constants.map(c => c.name), warnings };
      });
      if (options.json) {
        printJson(results);
        return;
      }
      results.forEach(({ file, pipeline, steps }) => print(`${pipeline} is right (${file}); ${steps.map(s => s.name).join(', ')}.`));
    });
}
