import type { Command } from 'commander';
import { readConfig } from '../core/config';
import { createClient, findDaemon } from './client';
import { print, printJson, progress } from './output';
import { copyFrom } from './transfer/copy';
import { daemonSink } from './transfer/daemon-sink';
import { readFolder } from './transfer/folder';
import { openMlflow } from './transfer/mlflow-source';
import type { Totals } from './transfer/sink';
import { inWords, progressLine } from './transfer/words';

interface Options {
  experiment: string[];
  models: boolean;
  json?: boolean;
  home?: string;
}

/** `slipway import URL|FOLDER`: everything of an MLflow server, or of an export, under the same ids; again for what is new. */
export function importCommand(program: Command): void {
  program
    .command('import <from>')
    .description('Take in experiments, runs, artifacts and registered models of an MLflow server (its URL) or of an export (its folder). Ids stay; what is here already is brought up to date.')
    .option('--experiment <name>', 'only this experiment (repeatable)', (name: string, names: string[]) => [...names, name], [])
    .option('--no-models', 'leave registered models out')
    .option('--json', 'print one JSON value')
    .option('--home <folder>', 'the daemon’s home')
    .addHelpText('after', '\nA token for the other server is taken from SLIPWAY_SOURCE_TOKEN.')
    .action(async (from: string, options: Options) => {
      const daemon = findDaemon(options.home);
      const sink = daemonSink(createClient(daemon), daemon.token);
      const onProgress = (totals: Totals): void => progress(progressLine(totals));
      const isServer = /^https?:\/\//.test(from);
      const totals = isServer
        ? await copyFrom(openMlflow(from, readConfig(process.env).sourceToken ?? null), sink, { experiments: options.experiment, withModels: options.models, onProgress })
        : await readFolder(from, sink, onProgress);
      if (options.json) {
        printJson(totals);
        return;
      }
      print(`Imported ${inWords(totals)}.`);
      totals.left.forEach(what => print(`Left behind: ${what}`));
    });
}
