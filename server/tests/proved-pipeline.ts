import type { PipelineRun, Proof } from '@slipway/schema';
import { notebook } from './notebook-fixtures';
import { until, type RunningApp } from './running-app';

/** Saves a pipeline of these cells, once its proof agrees. */
export async function savePipeline(app: RunningApp, name: string, cells: Record<string, string>, more: object = {}): Promise<void> {
  const book = notebook(cells);
  const started = await app.call('POST', '/proofs', { name, notebookPath: book.path, notebook: book.json, ...more });
  if (started.status !== 202) {
    throw new Error(`The pipeline ${name} could not be proved: ${JSON.stringify(started.body)}`);
  }
  const proof = await until(async () => {
    const { body } = await app.call('GET', `/proofs/${started.body.id}`);
    return body.status !== 'running' && (body as Proof);
  });
  const saved = await app.call('POST', '/pipelines', { proofId: proof.id });
  if (saved.status !== 201) {
    throw new Error(`The pipeline ${name} could not be saved: ${JSON.stringify({ proof, saved: saved.body })}`);
  }
}

export const isOver = (run: Pick<PipelineRun, 'status'>): boolean => ['succeeded', 'failed', 'cancelled'].includes(run.status);

export async function runsOf(app: RunningApp, name: string): Promise<PipelineRun[]> {
  return (await app.call('GET', `/pipelines/${name}/runs?limit=500`)).body.items;
}

/** A param each of text, number and how long to take, and a metric that tells them apart. */
export const DAILY = {
  setup: 'import time\nfrom sklearn.metrics import mean_absolute_error\nDAY = "2026-01-01"\nYEAR = 2026\nWAIT = 0.0',
  work: 'time.sleep(WAIT)\nvalue = float(YEAR) + len(DAY)\nif DAY == "2026-02-03":\n    raise ValueError("a bad day")',
  score: 'mae = mean_absolute_error([0.0], [value])\nprint("mae", mae)'
};
