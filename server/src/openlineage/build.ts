import type { createColumnReader } from './columns';
import { modelDataset, toDatasets, type Dataset, type KnownData } from './datasets';
import { RUN_EVENT_SCHEMA, facetsOf, type Facet } from './facets';
import type { Cell, Data, FactSources, Failure, PipelineFacts, StepFacts, TrialFacts } from './facts';
import { notebookCellFacet } from './notebook-cell-facet';
import type { OpenLineageRow } from './tables';
import { dashed, uuid5 } from './uuid';

/** What an event says of itself, before it is put into OpenLineage's words. */
interface Told {
  at: Date;
  runId: string;
  job: { name: string; type: 'PIPELINE' | 'STEP' | 'TRIAL' };
  parent: { runId: string; name: string } | null;
  notebook: { path: string | null; key: string; cells: readonly Cell[] };
  error: Failure | null;
  inputs: Dataset[];
  outputs: Dataset[];
}
type Row = Pick<OpenLineageRow, 'subject' | 'job' | 'step' | 'attempt' | 'type' | 'at'>;

export interface BuilderDeps {
  sources: FactSources;
  columnsOf: ReturnType<typeof createColumnReader>;
  /** Of all our jobs. */
  namespace: string;
  version: string;
  /** Where the daemon answers: the schema of our own facet is there. */
  base: () => string;
}

/** Builds RunEvents of OpenLineage 2-0-2. What a run read and made is told at its end. */
export function createEventBuilder(deps: BuilderDeps) {
  const { sources, namespace } = deps;
  const producer = `urn:slipway:daemon:${deps.version}`;
  const make = facetsOf(producer);
  const known = (list: readonly Data[]): Promise<KnownData[]> => Promise.all(list.map(async data => ({ data, columns: await deps.columnsOf(data) })));
  const datasets = async (list: readonly Data[]): Promise<Dataset[]> => toDatasets(await known(list), make, namespace);

  async function models(list: PipelineFacts['models'], inputs: readonly Dataset[]): Promise<Dataset[]> {
    return Promise.all(list.map(async model => modelDataset(model, await sources.modelColumns(model.name, model.version), inputs, make, namespace)));
  }

  async function ofPipeline(row: Row, run: PipelineFacts): Promise<Told> {
    const isOver = row.type !== 'START';
    const inputs = isOver ? await datasets(run.steps.flatMap(s => s.reads)) : [];
    const outputs = isOver ? await datasets(run.steps.flatMap(s => s.writes)) : [];
    const cells = run.steps.flatMap(s => s.cells);
    return {
      at: row.at,
      runId: row.subject,
      job: { name: run.pipeline, type: 'PIPELINE' },
      parent: null,
      notebook: { path: run.notebookPath, key: run.notebookPath, cells },
      error: row.type === 'FAIL' && run.error !== null ? { message: run.error, traceback: null } : null,
      inputs,
      outputs: [...outputs, ...(row.type === 'COMPLETE' ? await models(run.models, inputs) : [])]
    };
  }

  async function ofStep(row: Row, run: PipelineFacts, step: StepFacts): Promise<Told> {
    const isOver = row.type !== 'START';
    return {
      at: row.at,
      runId: stepRunId(row),
      job: { name: `${run.pipeline}.${step.name}`, type: 'STEP' },
      parent: { runId: row.subject, name: run.pipeline },
      notebook: { path: run.notebookPath, key: run.notebookPath, cells: step.cells },
      error: row.type === 'FAIL' ? (step.error ?? { message: 'The worker of the step was lost.', traceback: null }) : null,
      inputs: isOver ? await datasets(step.reads) : [],
      outputs: isOver ? await datasets(step.writes) : []
    };
  }

  async function ofTrial(row: Row, trial: TrialFacts): Promise<Told> {
    const isOver = row.type !== 'START';
    const notebook = trial.notebookPath ?? `session:${trial.sessionId}`;
    return {
      at: row.type === 'START' ? trial.startedAt : row.type === 'COMPLETE' ? trial.endedAt : row.at,
      runId: dashed(row.subject),
      job: { name: `${notebook}.trial`, type: 'TRIAL' },
      parent: { runId: trial.sessionId, name: notebook },
      notebook: { path: trial.notebookPath, key: notebook, cells: trial.cells },
      error: null,
      inputs: isOver ? await datasets(trial.reads) : [],
      outputs: isOver ? await datasets(trial.writes) : []
    };
  }

  async function tell(row: Row): Promise<Told | null> {
    if (row.job === 'trial') {
      const trial = await sources.trial(row.subject);
      return trial && ofTrial(row, trial);
    }
    const run = await sources.pipelineRun(row.subject);
    const step = run?.steps.find(s => s.name === row.step);
    return run === null ? null : row.job === 'pipeline' ? ofPipeline(row, run) : step === undefined ? null : ofStep(row, run, step);
  }

  function runFacets({ parent, error }: Told): Record<string, Facet> {
    const of = parent && { run: { runId: parent.runId }, job: { namespace, name: parent.name } };
    return {
      processing_engine: make('ProcessingEngineRunFacet', { version: deps.version, name: 'Slipway' }),
      ...(of && { parent: make('ParentRunFacet', { ...of, root: of }) }),
      ...(error && { errorMessage: make('ErrorMessageRunFacet', { message: error.message, programmingLanguage: 'python', ...(error.traceback !== null && { stackTrace: error.traceback }) }) })
    };
  }

  /** The event as JSON; null where what it tells of is gone. */
  return async function build(row: Row): Promise<string | null> {
    const told = await tell(row);
    if (!told) {
      return null;
    }
    const { job, notebook, inputs, outputs } = told;
    const jobFacets = {
      jobType: make('JobTypeJobFacet', { processingType: 'BATCH', integration: 'SLIPWAY', jobType: job.type }),
      sourceCode: make('SourceCodeJobFacet', { language: 'python', sourceCode: notebook.cells.map(c => c.source).join('\n\n') }),
      slipway_notebookCell: notebookCellFacet(producer, deps.base(), notebook)
    };
    return JSON.stringify({
      eventTime: told.at.toISOString(),
      eventType: row.type,
      producer,
      schemaURL: RUN_EVENT_SCHEMA,
      run: { runId: told.runId, facets: runFacets(told) },
      job: { namespace, name: job.name, facets: jobFacets },
      inputs,
      outputs
    });
  };
}

/** Each try of a step is a run: the same UUID whenever it is told of. */
function stepRunId(row: Row): string {
  return uuid5(`${row.subject}/${row.step}/${row.attempt}`);
}
