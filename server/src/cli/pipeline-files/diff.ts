import { endpoints, type PipelineFiles } from '@slipway/schema';
import type { Command } from 'commander';
import { pullOver } from '../../pipeline-files';
import { createClient, findDaemon } from '../client';
import { CliError, EXIT, print, printJson } from '../output';
import { loadFiles } from './load';
import { lineDiff } from './line-diff';

/** `slipway diff FILE`: how a pipeline file differs from the daemon's newest version; exit 1 where it does. */
export function diffCommand(program: Command): void {
  program
    .command('diff <file>')
    .description('Show how a pipeline file differs from what the daemon has; exit 1 where it does.')
    .option('--json', 'print one JSON value')
    .option('--home <folder>', 'the daemon’s home')
    .action(async (path: string, options: { json?: boolean; home?: string }) => {
      const body = loadFiles(path);
      const client = createClient(findDaemon(options.home));
      const check = await client.call(endpoints.pipelineFiles.check, { body });
      const known = check.latestVersion === null ? null : await client.call(endpoints.pipelineFiles.files, { params: { name: check.pipeline }, query: { folder: body.folder } }).catch(absent);
      const differences = known ? compare(known, body.files) : body.files.map(f => ({ path: f.path, lines: f.text.split('\n').map(line => `+${line}`) }));
      process.exitCode = check.isUnchanged ? EXIT.ok : EXIT.failed;
      if (options.json) {
        printJson({ ...check, files: check.isUnchanged ? [] : differences });
      } else if (check.isUnchanged) {
        print(`${check.pipeline} is unchanged: version ${check.latestVersion}.`);
      } else {
        print(known ? `${check.pipeline} differs from version ${known.version}:` : `There is no pipeline ${check.pipeline} yet.`);
        differences.forEach(({ path: file, lines }) => [`--- ${file} (version ${known?.version ?? 'none'})`, `+++ ${file}`, ...lines].forEach(print));
        if (differences.length === 0) {
          print('Its files are the same; what differs lies beside them: modules of the folder, or the notebook of a step.');
        }
      }
    });
}

/** The daemon's version as it would look in the person's files, against those. */
function compare(known: PipelineFiles, mine: readonly { path: string; text: string }[]): { path: string; lines: string[] }[] {
  const existing = new Map(mine.map(f => [f.path, f.text]));
  return pullOver(known.files, existing, true).flatMap(({ path, text }) => {
    const own = existing.get(path) ?? '';
    return own === text ? [] : [{ path, lines: lineDiff(text, own) }];
  });
}

function absent(error: unknown): null {
  if (error instanceof CliError && error.code === 'pipeline_not_found') {
    return null;
  }
  throw error;
}
