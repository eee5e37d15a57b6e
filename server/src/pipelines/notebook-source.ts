import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { PipelineSpec } from '@slipway/schema';
import { InvalidInput } from '../core/errors';
import { parseNotebook } from '../notebooks';

/** The notebook's absolute path; a leading `~` is the owner's home. @throws InvalidInput `path_not_absolute` */
export function resolvePath(path: string): string {
  const expanded = path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
  if (!isAbsolute(expanded) || expanded.includes('\0')) {
    throw new InvalidInput('path_not_absolute', `The path must be absolute on the daemon’s machine: ${path}`);
  }
  return normalize(expanded);
}

/** The notebook given with the spec, or the file. @throws InvalidInput `folder_not_found`, `notebook_not_found`, `notebook_invalid` */
export async function readNotebook(spec: Pick<PipelineSpec, 'notebook'>, path: string) {
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (!folder?.isDirectory()) {
    throw new InvalidInput('folder_not_found', `There is no folder ${dirname(path)} on the daemon’s machine; steps run in the notebook’s folder.`);
  }
  if (spec.notebook) {
    return parseNotebook(spec.notebook);
  }
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new InvalidInput('notebook_not_found', `The notebook ${path} cannot be read.`, { cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInput('notebook_invalid', `${path} is not a notebook: it is no JSON.`, { cause });
  }
  return parseNotebook(json);
}
