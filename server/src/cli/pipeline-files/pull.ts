import { endpoints } from '@slipway/schema';
import type { Command } from 'commander';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../core/errors';
import { pullOver, startAlike } from '../../pipeline-files';
import { createClient, findDaemon, type Client } from '../client';
import { CliError, print, printJson } from '../output';
import { toVersion } from '../run';
import { loadFiles } from './load';

interface Options {
  pipelineVersion?: number;
  json?: boolean;
  home?: string;
}

/** `slipway pull NAME [DIR]`: writes a pipeline as files; in files that are there, comments and titles stay. */
export function pullCommand(program: Command): void {
  program
    .command('pull <pipeline> [folder]')
    .description('Write a pipeline as NAME.pipeline.yaml and its cells as a script.')
    .option('--pipeline-version <number>', 'this version (default: the latest)', toVersion)
    .option('--json', 'print one JSON value')
    .option('--home <folder>', 'the daemon’s home')
    .action(pull);
}

async function pull(pipeline: string, folder: string | undefined, options: Options): Promise<void> {
  const client = createClient(findDaemon(options.home));
  const target = resolve(folder ?? '.');
  mkdirSync(target, { recursive: true });
  const query = { folder: realpathSync(target), ...(options.pipelineVersion !== undefined && { version: options.pipelineVersion }) };
  const { version, contentHash, files } = await client.call(endpoints.pipelineFiles.files, { params: { name: pipeline }, query });
  const existing = new Map(files.flatMap(({ path }) => readIfThere(join(target, path)).map(text => [path, text] as const)));
  const isSame = (await hashOf(client, join(target, files[0]!.path), existing.size)) === contentHash && startAlike(files[0]!, { ...files[0]!, text: existing.get(files[0]!.path)! });
  const results = (isSame ? files.map(({ path }) => ({ path, text: existing.get(path)! })) : pullOver(files, existing)).map(({ path, text }) => {
    const isChanged = existing.get(path) !== text;
    if (isChanged) {
      writeFileSync(join(target, path), text);
    }
    return { path: join(target, path), status: isChanged ? 'written' : 'unchanged' };
  });
  if (options.json) {
    printJson({ pipeline, version, files: results });
    return;
  }
  results.forEach(({ path, status }) => print(`${status.padEnd(9)} ${path}`));
}

/** What the files that are there would make; null where they make nothing. A person's way to say the same stays as it is. */
async function hashOf(client: Client, path: string, count: number): Promise<string | null> {
  if (count === 0) {
    return null;
  }
  try {
    return (await client.call(endpoints.pipelineFiles.check, { body: loadFiles(path) })).contentHash;
  } catch (error) {
    if (error instanceof CliError || error instanceof AppError) {
      return null;
    }
    throw error;
  }
}

function readIfThere(path: string): string[] {
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return [];
  }
}
