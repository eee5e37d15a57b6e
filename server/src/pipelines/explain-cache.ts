import type { CacheDifference, CacheExplanation } from '@slipway/schema';
import { NotFound } from '../core/errors';
import type { Db } from '../database';
import { cellTitle } from '../lineage';
import { normalizedSource } from '../notebooks';
import { keyDifferences, type KeyFacts } from './key-differences';
import { keySources } from './key-sources';
import { loadRun, outcomesOf, type LiveRun, type LiveStep } from './live-run';
import * as store from './run-store';
import { inputFilesOf, inputsOf } from './step-job';

/** Earlier runs of the step that are held against it. */
const LOOK_BACK = 20;

/** Why a step was, or was not, taken from the cache: held against the earlier run of it that differs least. @throws NotFound `step_not_found` */
export async function explainCache(db: Db, runId: string, name: string): Promise<CacheExplanation> {
  const [run, row] = await Promise.all([loadRun(db, runId), store.stepByName(db, runId, name)]);
  const step = run?.steps.find(s => s.name === name);
  if (!run || !row || !step) {
    throw new NotFound('step_not_found', `The run has no step ${name}.`);
  }
  const common = { isCached: row.cached, note: row.cache_note };
  if (row.cached) {
    const [from = '', ordinal = ''] = (row.log_key ?? '').split('/');
    const source = await store.runById(db, from);
    return { ...common, comparedWith: source ? { runId: from, step: (await store.stepName(db, from, Number(ordinal))) || name, at: source.created_at.toISOString() } : null, differences: [] };
  }
  const facts = factsOf(run, step);
  let nearest: { run: LiveRun; step: LiveStep; differences: CacheDifference[] } | undefined;
  for (const earlierId of await store.earlierRunsOfStep(db, run.row, name, LOOK_BACK)) {
    const earlier = await loadRun(db, earlierId);
    const was = earlier?.steps.find(s => s.name === name);
    if (earlier && was) {
      const differences = keyDifferences(factsOf(earlier, was), facts);
      nearest = nearest && nearest.differences.length <= differences.length ? nearest : { run: earlier, step: was, differences };
    }
  }
  const differences = [...ownReasons(run, step, nearest?.step), ...(nearest?.differences ?? [])];
  return { ...common, comparedWith: nearest ? { runId: nearest.run.row.id, step: name, at: nearest.run.row.created_at.toISOString() } : null, differences };
}

/** What keeps a result from being reused, whatever it was made from. */
function ownReasons(run: LiveRun, step: LiveStep, nearest: LiveStep | undefined): CacheDifference[] {
  const reason = (part: CacheDifference['part'], message: string): CacheDifference => ({ part, name: '', message, before: null, after: null });
  const impurities = nearest?.outcome?.impurities ?? step.outcome?.impurities ?? [];
  return [
    ...(run.row.use_cache && step.mayUseCache ? [] : [reason('opted_out', 'The run, or this step of it, was asked to run anew.')]),
    ...(impurities.length > 0 ? [reason('not_repeatable', `Its result depends on what cannot be held fast: ${impurities.join(', ')}.`)] : []),
    ...(nearest && nearest.stepKey === null && impurities.length === 0 ? [reason('not_kept', 'The earlier result was not kept for reuse.')] : [])
  ];
}

function factsOf(run: LiveRun, step: LiveStep): KeyFacts {
  const { content, sources, row } = run;
  const outcomes = outcomesOf(run);
  const keys = new Map(run.steps.flatMap(s => (s.stepKey === null ? [] : [[s.name, s.stepKey]])));
  const original = new Map(content.cells.map(c => [c.id, c.source]));
  const cells = keySources({ content, step: step.definition, sources, params: { ...content.paramValues, ...row.params } });
  return {
    baseKey: step.baseKey,
    cells: cells.map(({ id, source }) => ({ id, title: cellTitle(original.get(id) ?? source), source: normalizedSource(original.get(id) ?? source), run: normalizedSource(source) })),
    params: Object.fromEntries(content.constants.filter(c => step.definition.cells.includes(c.cellId)).map(c => [c.name, row.params[c.name] ?? c.value])),
    inputs: inputsOf({ content, step: step.definition, outcomes }).map(({ value, from }) => ({ name: value.name, from, identity: value.codec === 'cloudpickle' || value.codec === 'list' ? (keys.get(from) ?? value.digest) : value.digest })),
    files: inputFilesOf(content, step.definition, outcomes).map(({ path, digest }) => ({ path, digest })),
    outputs: step.definition.outputs,
    reads: step.outcome?.reads.map(({ path, digest }) => ({ path, digest })) ?? null,
    variables: step.outcome?.envRead ?? {},
    packages: step.outcome?.packages ?? {}
  };
}
