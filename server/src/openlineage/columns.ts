import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { BlobStore } from '@slipway/kernels-bridge';
import type { Column, Data } from './facts';

/** Of a file that is not ours all bytes are read, to know that they are still those that were used. */
const LARGEST_BYTES = 64 * 1_024 * 1_024;
const HEAD_BYTES = 64 * 1_024;
const MOST_COLUMNS = 1_000;

/** Finds the columns of tables: as they were logged, else in the first line of a CSV or TSV file. */
export function createColumnReader(deps: { blobs: BlobStore }) {
  async function pathOf(data: Data): Promise<string | null> {
    if (data.digest === null || !/^[0-9a-f]{64}$/.test(data.digest)) {
      return null;
    }
    if (data.stored) {
      return deps.blobs.pathOf(data.digest);
    }
    const found = await stat(data.path);
    return found.isFile() && found.size <= LARGEST_BYTES && (await digestOf(data.path)) === data.digest ? data.path : null;
  }

  /** null where they are not known: the file is gone or changed, or of another kind. */
  return async function columnsOf(data: Data): Promise<readonly Column[] | null> {
    const separator = /\.csv$/i.test(data.path) ? ',' : /\.(tsv|tab)$/i.test(data.path) ? '\t' : null;
    if (data.columns || separator === null) {
      return data.columns ?? null;
    }
    try {
      const path = await pathOf(data);
      return path === null ? null : headerOf(await headOf(path), separator);
    } catch {
      return null; // it cannot be read any more
    }
  };
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

async function headOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Names in a first line, quotes taken off (RFC 4180); null where it is no header: empty, a number, a name twice, too many, or too long. */
export function headerOf(text: string, separator: ',' | '\t'): Column[] | null {
  const line = /^\uFEFF?((?:"(?:[^"]|"")*"|[^"\r\n])*)\r?\n/.exec(text)?.[1];
  if (line === undefined) {
    return null;
  }
  const cell = separator === ',' ? /(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g : /(?:^|\t)(?:"((?:[^"]|"")*)"|([^"\t]*))/g;
  const names = [...line.matchAll(cell)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!.trim());
  const isHeader = names.length <= MOST_COLUMNS && new Set(names).size === names.length && names.every(name => name !== '' && !Number.isFinite(Number(name)));
  return isHeader ? names.map(name => ({ name, type: null })) : null;
}

/** Columns of MLflow's schema JSON (`{"mlflow_colspec": [{"name", "type"}]}`); null for tensors and anything else. */
export function mlflowColumns(schema: string | null): Column[] | null {
  try {
    const spec = (JSON.parse(schema ?? 'null') as { mlflow_colspec?: { name?: unknown; type?: unknown }[] } | null)?.mlflow_colspec;
    const columns = Array.isArray(spec) ? spec.flatMap(c => (typeof c.name === 'string' ? [{ name: c.name, type: typeof c.type === 'string' ? c.type : null }] : [])) : [];
    return columns.length > 0 ? columns : null;
  } catch {
    return null; // it is the client's own text
  }
}
