import { setTimeout as sleep } from 'node:timers/promises';
import { KernelDied, KernelNotFound, KernelStartFailed } from '../errors';
import type { MemoryLimit } from '../kernels/cgroup';
import type { Kernelspec } from '../kernels/kernelspecs';
import type { Kernel } from '../kernels/zygote';
import { startTimeout } from '../long-timeout';
import type { ExecuteReply } from '../wire/connection';
import { gatherEvidence, type CaptureRecord } from './evidence';
import { createExecutedNotebook } from './executed-notebook';
import { liveMetricsOf } from './live-metrics';
import { createStepLog } from './log';
import { createMask, type Mask } from './mask';
import type { BlobStore, Codec, StepError, StepObserver, StepResult, StepSpec, StoredValue } from './spec';
import { NotTheSteps } from './own-files';
import { createWorkspace, type Workspace } from './workspace';

export interface StepDeps {
  blobs: BlobStore;
  /** Where a step over this notebook's folder may lay its private layer. */
  workDirFor(folder: string): string;
  /** null: no walls, by explicit choice. */
  walls: Walls | null;
  findKernel(name: string): Kernelspec;
  takeKernel(spec: Kernelspec): Promise<Kernel>;
  /** Clearing away that nobody waits for but the runtime, when it ends. */
  afterwards(work: Promise<unknown> | undefined): void;
}
export interface Walls {
  hidden: string[];
  keep: string[];
}
interface FinishReply {
  records: CaptureRecord[];
  values: { name: string; codec: Codec }[];
  spreads: { name: string; items: ({ literal: string } | { codec: Codec })[] }[];
  outputFailed: { name: string; type: string; message: string; isDiskFull: boolean } | null;
  models: { index: number; variable: string; flavor: string; predictions: Codec | null }[];
}

/** The variable that names the folder kept between attempts. */
const CHECKPOINTS = 'SLIPWAY_CHECKPOINT_DIR';
/** How long a stopped cell has to tell where it was. */
const INTERRUPT_MS = 2_000;
/** Of what could not be kept, so much is named. */
const SHOWN = 5;

/** Ends a step before its cells do, with what is told to the user. */
class StepStopped extends Error {
  constructor(readonly error: StepError) {
    super(error.message);
  }
}

/** Runs one attempt of one step in a kernel of its own. Never throws for what the step did. */
export async function runStep(deps: StepDeps, spec: StepSpec, options: { signal: AbortSignal; observer?: StepObserver }): Promise<StepResult> {
  const started = performance.now();
  const result = emptyResult();
  const mask = createMask(Object.values(spec.secrets ?? {}));
  let workspace: Workspace | undefined;
  let kernel: Kernel | undefined;
  let memory: MemoryLimit | undefined;
  try {
    options.signal.throwIfAborted();
    const kernelspec = deps.findKernel(spec.kernelName);
    kernel = await deps.takeKernel(kernelspec);
    result.pid = kernel.pid;
    result.pidNamespace = kernel.pidNamespace;
    memory = kernel.memory.limit(spec.limits.memoryBytes);
    options.observer?.onStarted?.({ pid: kernel.pid, usedBytes: memory.usedBytes });
    workspace = createWorkspace(deps.workDirFor(spec.folder), spec.id, deps.blobs);
    workspace.fill(spec);
    await runInKernel({ deps, spec, kernelspec, kernel, workspace, memory, mask, result, options });
    result.status = 'succeeded';
  } catch (error) {
    result.error = masked(toStepError(error, options.signal), mask);
    result.status = result.error.code === 'cancelled' ? 'cancelled' : 'failed';
  } finally {
    result.peakMemoryBytes = memory?.peakBytes() ?? null;
    kernel?.kill();
    deps.afterwards(kernel?.ended.then(() => Promise.all([memory?.end(), workspace?.remove()])));
  }
  result.durationMs = Math.round(performance.now() - started);
  return result;
}

interface Running {
  deps: StepDeps;
  spec: StepSpec;
  kernelspec: Kernelspec;
  kernel: Kernel;
  workspace: Workspace;
  memory: MemoryLimit;
  mask: Mask;
  result: StepResult;
  options: { signal: AbortSignal; observer?: StepObserver };
}

async function runInKernel(run: Running): Promise<void> {
  const { spec, kernel, workspace, result, options } = run;
  const guard = guardOf(run);
  const silently = async (code: string): Promise<void> => {
    const reply = await guard.race(kernel.connection.execute(code, { isSilent: true }));
    if (reply.status !== 'ok') {
      if (reply.ename === 'OSError' && /\[Errno (28|122)\]/.test(reply.evalue ?? '')) {
        throw new StepStopped(diskFull()); // ENOSPC, EDQUOT: there was no room for the answer, or for a model
      }
      throw new StepStopped(stepError('kernel_start_failed', `Slipway's own code failed in the kernel: ${reply.ename}: ${reply.evalue}`, { traceback: textOf(reply), isRetryable: false }));
    }
  };
  const book = createExecutedNotebook({ name: run.kernelspec.name, language: run.kernelspec.language });
  const store = (): ReturnType<Workspace['notebook']> => workspace.notebook(run.mask.deep(book.toJson()));
  let stored: ReturnType<typeof store> | undefined;
  try {
    await silently(`import slipway.step as _slipway_step; _slipway_step.begin(${python(jobOf(run))})`);
    const { inputFailed } = await workspace.reply<{ inputFailed: { name: string; message: string } | null }>();
    if (inputFailed) {
      throw new StepStopped(stepError('input_not_loadable', `The input \`${inputFailed.name}\` cannot be loaded in this step: ${inputFailed.message}`));
    }
    await guard.race(options.observer?.onReady?.() ?? Promise.resolve());
    await runCells(run, guard, book);
    stored = store(); // while the kernel stores the outputs
    stored.catch(() => undefined); // told below
    await silently(`_slipway_step.finish(${python(spec.outputs)}, ${python(spec.models)}, ${python(spec.spread ?? [])})`);
    await collect(run, await workspace.reply<FinishReply>());
    await keepLogged(run);
  } catch (error) {
    await silently('_slipway_step.settle()').catch(() => undefined); // where the kernel is gone, what is written is all there is
    await keepLogged(run).catch(() => undefined); // why the step failed is told, not this
    throw error;
  } finally {
    guard.dispose();
    result.notebook = await (stored ?? store());
  }
  options.signal.throwIfAborted();
}

function jobOf({ deps, spec, workspace, kernelspec }: Running): object {
  return {
    io: workspace.io,
    folder: spec.folder,
    walls: deps.walls && { layer: workspace.folder, ...deps.walls, shared: spec.checkpointFolder === undefined ? [] : [spec.checkpointFolder] },
    env: { ...kernelspec.env, CUDA_VISIBLE_DEVICES: spec.gpus.join(','), ...spec.env, ...spec.attemptEnv, ...checkpointEnv(spec), ...spec.secrets },
    cpus: spec.limits.cpus,
    inputs: spec.inputs.map(({ name, codec }) => ({ name, codec })),
    ...(spec.mlflowRuns && { mlflowRuns: spec.mlflowRuns })
  };
}

async function runCells(run: Running, guard: Guard, book: ReturnType<typeof createExecutedNotebook>): Promise<void> {
  const log = createStepLog(run.spec.limits.logBytes, run.options.observer?.onLog, run.mask);
  try {
    for (const [index, cell] of run.spec.cells.entries()) {
      run.options.observer?.onCell?.({ cellId: cell.id, index, total: run.spec.cells.length });
      await runCell(run, cell, guard, book, log);
    }
  } finally {
    log.end();
  }
}

async function runCell({ kernel, options, mask, result }: Running, cell: { id: string; source: string }, guard: Guard, book: ReturnType<typeof createExecutedNotebook>, log: ReturnType<typeof createStepLog>): Promise<void> {
  log.write(`[cell ${cell.id}]\n`);
  book.begin(cell.id, cell.source);
  const onOutput = (message: Parameters<typeof log.hear>[0]): void => {
    const points = liveMetricsOf(message);
    if (points.length > 0) {
      result.metrics.push(...points.map(({ name, value, step }) => ({ cellId: cell.id, name: mask.text(name), value, step }))); // until the step's own record takes their place
      return options.observer?.onMetrics?.(points);
    }
    book.hear(message);
    log.hear(message);
  };
  const executed = kernel.connection.execute(cell.source, { cellId: cell.id, onOutput });
  const reply = await guard.race(executed, cell.id).catch(async (error: unknown) => {
    kernel.interrupt(); // so that the log and the notebook show where it was
    await Promise.race([executed.catch(() => undefined), kernel.ended, sleep(INTERRUPT_MS)]);
    throw error;
  });
  book.end(reply);
  if (reply.status !== 'ok') {
    throw new StepStopped(stepError('cell_failed', `${reply.ename ?? 'Aborted'}: ${reply.evalue ?? 'the cell was dropped'}`, { cellId: cell.id, traceback: textOf(reply) }));
  }
}

async function collect({ spec, workspace, mask, result }: Running, reply: FinishReply): Promise<void> {
  Object.assign(result, mask.deep(gatherEvidence(reply.records)));
  withoutOurs(result, spec);
  if (reply.outputFailed) {
    const { name, type, message, isDiskFull } = reply.outputFailed;
    if (isDiskFull) {
      throw new StepStopped(diskFull());
    }
    throw new StepStopped(
      stepError('value_not_storable', `\`${name}\` (${type}) cannot be handed to the next step: ${message}. Merge the steps that share it, or make it where it is used.`)
    );
  }
  result.values = await Promise.all(reply.values.map(({ name, codec }) => workspace.value(name, codec)));
  result.spreads = await Promise.all(reply.spreads.map(({ name, items }) => workspace.spread(name, items)));
  result.files = await workspace.files(spec.inputFiles, spec.folder);
  for (const model of reply.models) {
    const predictions = model.predictions === null ? null : await workspace.predictions(model.index, model.predictions);
    result.models.push({ variable: model.variable, flavor: model.flavor, files: await workspace.modelFiles(model.index), predictions });
  }
}

/** What the cells told MLflow. */
async function keepLogged({ workspace, mask, result, options }: Running): Promise<void> {
  const { runs, leftOut } = await workspace.logged(mask, !options.signal.aborted);
  if (runs.length > 0) {
    result.logged = runs;
  }
  if (leftOut.length > 0) {
    const more = leftOut.length > SHOWN ? ` and ${leftOut.length - SHOWN} more` : '';
    options.observer?.onLog?.(`\n[not kept of what MLflow was told: ${mask.text(leftOut.slice(0, SHOWN).join(', '))}${more}]\n`);
  }
}

const checkpointEnv = (spec: StepSpec): Record<string, string> => (spec.checkpointFolder === undefined ? {} : { [CHECKPOINTS]: spec.checkpointFolder });

/** What differs from attempt to attempt is nothing the result depends on; secrets are known by their references. */
function withoutOurs(result: StepResult, { secrets = {}, attemptEnv = {}, checkpointFolder }: StepSpec): void {
  result.envRead = Object.fromEntries(Object.entries(result.envRead).filter(([name]) => name !== CHECKPOINTS && !(name in secrets) && !(name in attemptEnv)));
  if (checkpointFolder !== undefined) {
    result.reads = result.reads.filter(({ path }) => path !== checkpointFolder && !path.startsWith(`${checkpointFolder}/`));
  }
}

interface Guard {
  /** The work, or the first of: death of the kernel, time over, cancel. */
  race<T>(work: Promise<T>, cellId?: string): Promise<T>;
  dispose(): void;
}

function guardOf({ spec, kernel, memory, options }: Running): Guard {
  let stop: (error: unknown) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  stopped.catch(() => undefined);
  let cellId: string | null = null;
  const callOff = startTimeout(() => stop(new StepStopped(stepError('step_timeout', `The step did not end within ${Math.round(spec.limits.timeoutMs / 1000)} s and was stopped.`, { cellId }))), spec.limits.timeoutMs);
  const onAbort = (): void => stop(new StepStopped(stepError('cancelled', 'The step was cancelled.', { cellId })));
  options.signal.addEventListener('abort', onAbort);
  void kernel.ended.then(code => {
    const died = new KernelDied(code, memory.wasExceeded());
    const limit = `${(spec.limits.memoryBytes / 2 ** 30).toFixed(1)} GiB`;
    const message = died.isOutOfMemory ? `The step used more memory than its ${limit} and was killed. Give it more, or work on less at once.` : died.message;
    stop(new StepStopped(stepError(died.isOutOfMemory ? 'out_of_memory' : 'kernel_died', message, { cellId, isRetryable: !died.isOutOfMemory })));
  });
  return {
    race: (work, id) => {
      cellId = id ?? cellId;
      return Promise.race([work, stopped]);
    },
    dispose: () => {
      callOff();
      options.signal.removeEventListener('abort', onAbort);
    }
  };
}

function toStepError(error: unknown, signal: AbortSignal): StepError {
  if (error instanceof StepStopped) {
    return error.error;
  }
  if (signal.aborted) {
    return stepError('cancelled', 'The step was cancelled.');
  }
  if (error instanceof KernelNotFound) {
    return stepError('kernel_not_found', error.message);
  }
  if (error instanceof KernelStartFailed) {
    return stepError('kernel_start_failed', error.message, { isRetryable: true });
  }
  if (error instanceof NotTheSteps) {
    return stepError('value_not_storable', error.message);
  }
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return diskFull();
  }
  throw error; // a bug of ours: the executor tells it
}

function stepError(code: StepError['code'], message: string, more: Partial<StepError> = {}): StepError {
  return { code, message, cellId: null, traceback: null, isRetryable: false, ...more };
}

function diskFull(): StepError {
  return stepError('storage_full', 'The disk is full: the step’s results could not be stored. Free some space and retry.', { isRetryable: true });
}

/** Of a step of which nothing ran yet. */
export function emptyResult(): StepResult {
  return { status: 'failed', values: [] as StoredValue[], spreads: [], files: [], metrics: [], reads: [], envRead: {}, impurities: [], packages: {}, models: [], notebook: null, durationMs: 0, pid: null, pidNamespace: null, peakMemoryBytes: null };
}

function masked(error: StepError, mask: Mask): StepError {
  return { ...error, message: mask.text(error.message), traceback: error.traceback && mask.text(error.traceback) };
}

function textOf(reply: ExecuteReply): string | null {
  // The colours of IPython's tracebacks.
  return reply.traceback?.join('\n').replaceAll(/\x1b\[[0-9;]*m/g, '') ?? null;
}

/** A JSON value as a Python expression: the text is a Python string literal as it is. */
function python(value: unknown): string {
  return `__import__('json').loads(${JSON.stringify(JSON.stringify(value)).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')})`;
}
