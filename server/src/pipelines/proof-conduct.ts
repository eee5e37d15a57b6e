import type { Difference, Draft, Notebook, Proof } from '@slipway/schema';
import { compareOutcomes, type Compared, type CompareDeps, type Expected } from './compare';
import type { PipelineContent } from './content';
import type { Orchestrator } from './orchestrator';
import { NoReference, type References } from './reference';
import type { StepOutcome } from './step-outcome';

/** What is to be proved. */
export interface Subject {
  id: string;
  pipeline: string;
  content: PipelineContent;
  notebook: Notebook;
  draft: Draft;
  userId: string;
}

export type Verdict = Pick<Proof, 'status' | 'agreed' | 'differences' | 'notes'>;

export interface ConductDeps {
  orchestrator: Orchestrator;
  references: References;
  compare: CompareDeps;
  /** What the notebook showed last, where that is not stale. */
  ownMetrics(): Promise<StepOutcome['metrics'] | null>;
  outcomesOfRun(runId: string): Promise<StepOutcome[]>;
  failureOfRun(runId: string): Promise<Difference>;
  onRun(runId: string): Promise<void>;
  onPhase(phase: Proof['phase']): Promise<void>;
}

type Reference = { outcome: StepOutcome; notes: string[] };

/**
 * Runs the pipeline and holds it against the notebook: its own fresh metrics
 * where its hook recorded them, and a whole run in a fresh kernel where there
 * are none or where files or models are to be compared. Where they differ the
 * notebook runs again: what its own runs do not agree on is not deterministic.
 */
export async function conductProof(subject: Subject, deps: ConductDeps, signal: AbortSignal): Promise<Verdict> {
  const own = await deps.ownMetrics();
  const runId = await deps.orchestrator.start({ ...subject, version: 0, params: {}, useCache: false, trigger: 'proof' });
  signal.addEventListener('abort', () => void deps.orchestrator.cancel(runId).catch(() => undefined), { once: true });
  await deps.onRun(runId);
  const runNotebook = (): Promise<Reference | NoReference> => settled(deps.references.run({ ...subject, label: `${subject.pipeline} / notebook` }, signal));
  let reference = own === null || subject.draft.models.length > 0 ? await runNotebook() : null;
  await deps.onPhase('pipeline');
  const state = await deps.orchestrator.ended(runId);
  if (signal.aborted) {
    return verdict('cancelled');
  }
  if (!(reference instanceof NoReference) && state !== 'succeeded') {
    return verdict('failed', { differences: [await deps.failureOfRun(runId)] });
  }
  const found = await deps.outcomesOfRun(runId);
  if (reference === null && found.some(o => o.files.length > 0)) {
    await deps.onPhase('reference');
    reference = await runNotebook();
  }
  if (reference instanceof NoReference) {
    return signal.aborted ? verdict('cancelled') : verdict('failed', { differences: [failure(reference.cellId, `The notebook itself fails in a fresh kernel: ${reference.message}`)] });
  }
  await deps.onPhase('comparing');
  const expected = expectation(subject, own, reference);
  const compared = await compareOutcomes(expected, found, deps.compare);
  compared.notes.unshift(...(reference?.notes ?? []));
  if (compared.differences.length === 0) {
    return agreement(compared);
  }
  await deps.onPhase('repeating reference');
  const runs = [reference ?? (await runNotebook()), await runNotebook()] as const;
  return signal.aborted ? verdict('cancelled') : explain(subject, compared, runs, deps);
}

function expectation(subject: Subject, own: StepOutcome['metrics'] | null, reference: Reference | null): Expected {
  const empty = { values: [], files: [], reads: [], envRead: {}, impurities: [], packages: {}, models: [], notebook: null, durationMs: 0, metrics: [] };
  const outcome = { ...(reference?.outcome ?? empty), ...(own && { metrics: own }) };
  return { outcome, cells: subject.content.cells, models: subject.draft.models };
}

/** A failed reference is an answer here, not an accident: the pipeline's run is awaited all the same. */
function settled(work: Promise<Reference>): Promise<Reference | NoReference> {
  return work.catch((err: unknown) => {
    if (err instanceof NoReference) {
      return err;
    }
    throw err;
  });
}

function agreement(compared: Compared): Verdict {
  if (compared.agreed.length > 0) {
    return verdict('same', compared);
  }
  const message = 'There was nothing to compare: the notebook prints no metric, and saves no table and no model with rows it was scored on.';
  return verdict('different', { ...compared, differences: [{ cellId: null, kind: 'nothing_to_compare', name: 'results', notebook: null, pipeline: null, message }] });
}

/** Tells differences the notebook has with itself from those the pipeline has with it. */
async function explain(subject: Subject, compared: Compared, runs: readonly (Reference | NoReference)[], deps: ConductDeps): Promise<Verdict> {
  const [first, second] = runs;
  if (!first || first instanceof NoReference || !second || second instanceof NoReference) {
    const why = runs.find(r => r instanceof NoReference)?.message ?? '';
    return verdict('different', { ...compared, notes: [...compared.notes, `Whether the notebook repeats itself is not known, it did not run a second time: ${why}`] });
  }
  const cells = new Set(subject.content.cells.map(c => c.id));
  const again = { ...second.outcome, metrics: second.outcome.metrics.filter(m => cells.has(m.cellId)) };
  const own = await compareOutcomes(expectation(subject, null, first), [again], deps.compare);
  const wavering = new Set(own.differences.map(keyOf));
  const repeated = new Map(own.agreed.map(a => [keyOf(a), a.value]));
  const differences = compared.differences.map(d => (wavering.has(keyOf(d)) ? notDeterministic(d) : showsOtherThanItGives(d, repeated.get(keyOf(d)))));
  return verdict('different', { ...compared, differences });
}

const keyOf = (d: { cellId: string | null; name: string }): string => JSON.stringify([d.cellId, d.name]);

function notDeterministic(difference: Difference): Difference {
  const where = difference.cellId === null ? difference.name : `cell ${difference.cellId}`;
  return { ...difference, kind: 'not_deterministic', message: `not deterministic: ${where} (${difference.name} changes from run to run of the notebook itself)` };
}

/** The notebook shows one value and gives another when run whole: its state or its data have changed since. */
function showsOtherThanItGives(difference: Difference, fresh: string | undefined): Difference {
  const isHidden = difference.kind === 'metric' && fresh !== undefined && fresh !== difference.notebook && fresh === difference.pipeline;
  const message = `${difference.message} The notebook shows ${difference.notebook}, but run whole in a fresh kernel it gives ${fresh}, as the pipeline does: run it again from the top.`;
  return isHidden ? { ...difference, message } : difference;
}

export function failure(cellId: string | null, message: string, name = 'run'): Difference {
  return { cellId, kind: 'error', name, notebook: null, pipeline: null, message };
}

function verdict(status: Proof['status'], found: Partial<Compared> = {}): Verdict {
  return { status, agreed: found.agreed ?? [], differences: found.differences ?? [], notes: found.notes ?? [] };
}
