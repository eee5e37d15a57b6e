import type { Command } from 'commander';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { importPipelines, printYaml, SUFFIX } from '../../pipeline-files';
import { CliError, EXIT, print, printJson } from '../output';

interface Options {
  force?: boolean;
  json?: boolean;
}

/** `slipway import-pipeline FILE [DIR]`: writes another tool's pipelines as pipeline files, and says what was left. Needs no daemon. */
export function importPipelineCommand(program: Command): void {
  program
    .command('import-pipeline <file> [folder]')
    .description('Write an Elyra pipeline (.pipeline), or job definitions of jupyter-scheduler (JSON), as pipeline files; needs no daemon.')
    .option('--force', 'write over pipeline files that are there')
    .option('--json', 'print one JSON value')
    .action((path: string, folder: string | undefined, options: Options) => {
      const target = resolve(folder ?? dirname(path)); // beside the notebooks, which are named relative to it
      const written = importPipelines(read(path), basename(path)).map(({ file, left }) => ({ path: join(target, `${file.name}${SUFFIX}`), text: printYaml(file), left, pipeline: file.name }));
      const taken = written.find(w => !options.force && existsSync(w.path));
      if (taken) {
        throw new CliError(EXIT.usage, 'file_exists', `${taken.path} is there already; --force writes over it.`);
      }
      written.forEach(w => writeFileSync(w.path, w.text));
      if (options.json) {
        printJson(written.map(({ path: file, left, pipeline }) => ({ pipeline, file, left })));
        return;
      }
      for (const { path: file, left } of written) {
        print(`written ${file}`);
        left.forEach(what => print(`  left out: ${what}`));
      }
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CliError(EXIT.usage, 'file_unreadable', `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
}
