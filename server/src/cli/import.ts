import type { Command } from 'commander';
import { join, resolve } from 'node:path';
import { readConfig } from '../core/config';
import { packageRoot } from '../core/package-root';
import { createClient, findDaemon } from './client';
import { print, printJson, progress } from './output';
import { copyFrom } from './transfer/copy';
import { daemonSink } from './transfer/daemon-sink';
import { readFolder } from './transfer/folder';
import { isDatabase, withMlflowOn } from './transfer/mlflow-database';
import { openMlflow } from './transfer/mlflow-source';
import type { Totals } from './transfer/sink';
import { inWords, progressLine } from './transfer/words';

interface Options {
  experiment: string[];
  models: boolean;
  artifacts?: string;
  allFiles?: boolean;
  json?: boolean;
  home?: string;
}

/** `slipway import URL|DATABASE|FOLDER`: everything of an MLflow server, of its database, or of an export, under the same ids; again for what is new. */
export function importCommand(program: Command): void {
  program
    .command('import <from>')
    .description('Take in experiments, runs, artifacts and registered models of an MLflow server (its URL), of the database it keeps (sqlite:///…, postgresql://…), or of an export (its folder). Ids stay; what is here already is brought up to date.')
    .option('--experiment <name>', 'only this experiment (repeatable)', (name: string, names: string[]) => [...names, name], [])
    .option('--no-models', 'leave registered models out')
    .option('--artifacts <address>', 'with a database: the folder or address its server had as --artifacts-destination')
    .option('--all-files', 'send files again that are here already, under their name and of their size')
    .option('--json', 'print one JSON value')
    .option('--home <folder>', 'the daemon’s home')
    .addHelpText('after', '\nA token for the other server is taken from SLIPWAY_SOURCE_TOKEN; a database is read by the MLflow of SLIPWAY_PYTHON, else by Slipway’s own.')
    .action(async (from: string, options: Options) => {
      const daemon = findDaemon(options.home);
      const sink = daemonSink(createClient(daemon), daemon.token, { allFiles: options.allFiles });
      const onProgress = (totals: Totals): void => progress(progressLine(totals));
      const config = readConfig(process.env);
      const copying = { experiments: options.experiment, withModels: options.models, onProgress };
      const read = (): Promise<Totals> => {
        if (isDatabase(from)) {
          const python = config.python ?? join(packageRoot(), '.venv/bin/python');
          const proxied = options.artifacts === undefined || /^\w+:/.test(options.artifacts) ? undefined : resolve(options.artifacts);
          return withMlflowOn(from, { python, artifacts: options.artifacts }, url => copyFrom(openMlflow(url, null, { proxied }), sink, copying));
        }
        return /^https?:\/\//.test(from) ? copyFrom(openMlflow(from, config.sourceToken ?? null), sink, copying) : readFolder(from, sink, onProgress);
      };
      const totals = await read();
      if (options.json) {
        printJson(totals);
        return;
      }
      print(`Imported ${inWords(totals)}.`);
      totals.left.forEach(what => print(`Left behind: ${what}`));
    });
}
