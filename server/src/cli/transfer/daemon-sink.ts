import { endpoints } from '@slipway/schema';
import type { Client } from '../client';
import { CliError, EXIT } from '../output';
import { openMlflow } from './mlflow-source';
import type { RunBatch, Sink } from './sink';

/** A body the daemon takes in one request. */
const BODY_BYTES = 8 * 2 ** 20;

export interface DaemonSinkOptions {
  /** Also files that are there already. */
  allFiles?: boolean;
}

/** Sends a transfer to a daemon: records by its API, files through the artifact proxy. */
export function daemonSink(client: Client, token: string | null, { allFiles = false }: DaemonSinkOptions = {}): Sink {
  const there = openMlflow(client.url, token);
  return {
    async present(folder) {
      const found = new Map<string, number>();
      for await (const { path, sizeBytes } of allFiles ? [] : there.files(folder)) {
        found.set(path, sizeBytes ?? -1);
      }
      return found;
    },
    async runs(batch) {
      const folders = new Map<string, string>();
      for (const part of inParts(batch)) {
        const reply = await client.call(endpoints.imports.runs, { body: part });
        reply.folders.forEach(({ id, folder }) => folders.set(id, folder));
      }
      return folders;
    },
    async model(model) {
      await client.call(endpoints.imports.model, { body: model });
    },
    async file(folder, path, bytes) {
      const target = `${client.url}/api/2.0/mlflow-artifacts/artifacts/${[...folder.split('/'), ...path.split('/')].map(encodeURIComponent).join('/')}`;
      const init = { method: 'PUT', body: await bytes(), duplex: 'half', headers: { 'content-type': 'application/octet-stream', ...(token && { authorization: `Bearer ${token}` }) } };
      const response = await fetch(target, init as RequestInit);
      if (!response.ok) {
        throw new CliError(EXIT.failed, 'file_refused', `The daemon answered ${response.status} to ${path}: ${(await response.text()).slice(0, 300)}`);
      }
    }
  };
}

/** A run's points may be too many for one request: they are sent after it, for the run stays what it is. */
function* inParts(batch: RunBatch): Generator<RunBatch> {
  let part: RunBatch['runs'] = [];
  let size = 0;
  for (const run of batch.runs.flatMap(splitPoints)) {
    const bytes = JSON.stringify(run).length;
    if (part.length > 0 && size + bytes > BODY_BYTES) {
      yield { experiment: batch.experiment, runs: part, loggedModels: [] };
      [part, size] = [[], 0];
    }
    part.push(run);
    size += bytes;
  }
  yield { experiment: batch.experiment, runs: part, loggedModels: batch.loggedModels };
}

const POINTS = 50_000;

function splitPoints(run: RunBatch['runs'][number]): RunBatch['runs'] {
  const pieces = run.metrics.flatMap(m => Array.from({ length: Math.ceil(m.points.length / POINTS) || 1 }, (_, i) => ({ ...m, points: m.points.slice(i * POINTS, (i + 1) * POINTS) })));
  const count = pieces.reduce((sum, m) => sum + m.points.length, 0);
  // Deleted by its last part alone: nothing can be logged to a deleted run.
  return count <= POINTS ? [run] : pieces.map((metric, i) => ({ ...run, isDeleted: run.isDeleted === true && i === pieces.length - 1, metrics: [metric] }));
}
