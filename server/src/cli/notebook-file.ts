import { readFileSync, statSync } from 'node:fs';
import type { Notebook } from '@slipway/schema';
import { parseNotebook } from '../notebooks';
import { CliError, EXIT } from './output';

/** The notebook in a file. @throws CliError `notebook_unreadable`, `notebook_invalid`; @throws InvalidInput `notebook_invalid` */
export function readNotebook(path: string): Notebook {
  return parseNotebook(parsed(path, read(path)));
}

function read(path: string): string {
  try {
    if (statSync(path).isDirectory()) {
      throw new Error('it is a folder; name the .ipynb file in it');
    }
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CliError(EXIT.usage, 'notebook_unreadable', `${path} cannot be read: ${reason(cause)}`);
  }
}

function parsed(path: string, text: string): unknown {
  if (text.trim() === '') {
    throw new CliError(EXIT.usage, 'notebook_invalid', `${path} is no notebook: the file is empty.`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (cause) {
    throw new CliError(EXIT.usage, 'notebook_invalid', `${path} is no notebook: it is not JSON in UTF-8 (${reason(cause)}). Open it in JupyterLab and save it, or name another file.`);
  }
}

function reason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  return code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'you may not read it' : cause instanceof Error ? cause.message : String(cause);
}
