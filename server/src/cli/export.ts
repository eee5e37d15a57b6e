import type { Command } from 'commander';
import { findDaemon } from './client';
import { print, printJson, progress } from './output';
import { copyFrom } from './transfer/copy';
import { folderSink } from './transfer/folder';
import { openMlflow } from './transfer/mlflow-source';
import { inWords, progressLine } from './transfer/words';

/** `slipway export FOLDER`: experiments and models as files that `slipway import` takes in elsewhere. */
export function exportCommand(program: Command): void {
  program
    .command('export <folder>')
    .description('Write experiments, runs, artifacts and registered models as files, to keep or to import elsewhere.')
    .option('--experiment <name>', 'only this experiment, without registered models (repeatable)', (name: string, names: string[]) => [...names, name], [])
    .option('--json', 'print one JSON value')
    .option('--home <folder>', 'the daemon’s home')
    .action(async (folder: string, options: { experiment: string[]; json?: boolean; home?: string }) => {
      const daemon = findDaemon(options.home);
      const totals = await copyFrom(openMlflow(daemon.url, daemon.token), await folderSink(folder), {
        experiments: options.experiment,
        withModels: options.experiment.length === 0,
        onProgress: so => progress(progressLine(so))
      });
      if (options.json) {
        printJson(totals);
        return;
      }
      print(`Exported ${inWords(totals)} to ${folder}.`);
    });
}
