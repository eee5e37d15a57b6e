import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { storedItems, type BlobStore, type SpreadItem, type StoredItem, type StoredValue } from '@slipway/kernels-bridge';
import type { MetricValue } from '@slipway/schema';
import { codeNames } from './code-names';
import type { LiveRun, LiveStep } from './live-run';
import type { StepOutcome } from './step-outcome';
import { ancestors } from './dag';

export type MapBlobs = Pick<BlobStore, 'pathOf'> & { put(bytes: Buffer): Promise<{ digest: string; sizeBytes: number }> };

/** Runs of MLflow's that are kept of a map: of ten thousand items nobody looks at each. */
const MOST_TOLD = 1_000;

/** What an item of a map gave. */
export interface ItemResult {
  index: number;
  stepKey: string | null;
  outcome: StepOutcome;
}

/** What the map runs for; null where no step before it gave the list. */
export async function itemsOf(run: LiveRun, step: LiveStep, blobs: MapBlobs): Promise<SpreadItem[] | null> {
  const { over } = step.node.options.map!;
  for (const before of ancestors(run.steps, step.name).reverse()) {
    const spread = before.outcome?.spreads?.find(s => s.name === over);
    if (before.status === 'succeeded' && spread) {
      return JSON.parse(await readFile(blobs.pathOf(spread.digest), 'utf8')) as SpreadItem[];
    }
    const list = before.status === 'succeeded' && before.outcome?.values.find(v => v.name === over && v.codec === 'list');
    if (list) {
      return storedItems(list.digest, blobs); // of a map before
    }
  }
  return null;
}

/** The results of a map as one: its values as lists in the order of the items, its imports and functions as they are, everything else together. */
export async function collected(run: Pick<LiveRun, 'content'>, step: LiveStep, results: readonly ItemResult[], blobs: MapBlobs): Promise<StepOutcome> {
  const outcomes = results.map(r => r.outcome);
  const code = new Set(run.content.cells.filter(c => step.definition.cells.includes(c.id)).flatMap(c => codeNames(c.source)));
  const logged = results.flatMap(r => (r.outcome.logged ?? []).map(run => ({ ...run, item: r.index }))).slice(0, MOST_TOLD);
  const last = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => [...new Map(items.map(i => [keyOf(i), i])).values()];
  return {
    values: [
      ...(outcomes[0]?.values.filter(v => code.has(v.name)) ?? []),
      ...(await Promise.all(step.definition.outputs.filter(name => !code.has(name)).map(name => listOf(name, outcomes, blobs))))
    ],
    files: last(outcomes.flatMap(o => o.files), f => f.path),
    reads: last(outcomes.flatMap(o => o.reads), r => `${r.kind} ${r.path}`),
    envRead: Object.assign({}, ...outcomes.map(o => o.envRead)) as StepOutcome['envRead'],
    impurities: [...new Set(outcomes.flatMap(o => o.impurities))],
    packages: Object.assign({}, ...outcomes.map(o => o.packages)) as StepOutcome['packages'],
    models: [],
    notebook: null,
    durationMs: outcomes.reduce((sum, o) => sum + o.durationMs, 0),
    ...(logged.length > 0 && { logged }),
    metrics: results.flatMap(r => lastOfEach(r.outcome).map(m => ({ ...m, step: r.index })))
  };
}

/** Known where all its items are; equal items give equal lists. */
export function mapKey(results: readonly ItemResult[], total: number): string | null {
  const keys = results.map(r => r.stepKey);
  return results.length < total || keys.includes(null) ? null : createHash('sha256').update(keys.join('\n')).digest('hex');
}

async function listOf(name: string, outcomes: readonly StepOutcome[], blobs: MapBlobs): Promise<StoredValue> {
  const items = outcomes.map(o => o.values.find(v => v.name === name)!).map(({ codec, digest, sizeBytes }): StoredItem => ({ codec, digest, sizeBytes }));
  return { name, codec: 'list', ...(await blobs.put(Buffer.from(JSON.stringify(items)))) };
}

/** A curve of items is read by their place: of each item its last value. */
function lastOfEach(outcome: StepOutcome): { cellId: string; name: string; value: MetricValue; step: number }[] {
  return [...new Map(outcome.metrics.map(m => [m.name, m])).values()];
}
