import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { writeLive } from '../parcel/live';
import { parcelPaths, rankPaths, type ParcelOutcome, type ParcelPaths, type ParcelSpec } from '../parcel/parcel';
import { createKernelRuntime } from '../runtime';
import type { LiveMetric, StepObserver, StepResult, StepSpec } from '../step/spec';
import { createRankLog } from '../step/rank-log';
import { createGpuLoad, gpuUuids } from '../usage/gpu-load';
import { startUsageSampler } from '../usage/usage-sampler';
import { createFolderBlobs } from './folder-blobs';
import { createGang, rankHere } from './gang';
import { openGrowing } from './growing-file';
import { memoryKills } from './memory-kills';
import { createPrivateFolder } from './private-folder';
import { runRank, type RankRun } from './run-rank';
import { watchForStop, type StopWatch } from './stop';

/** Somebody has run, or runs, this very attempt. */
export class AlreadyRun extends Error {}

/**
 * Runs the step in a parcel by the same code as the daemon's and leaves its
 * outcome there.
 *
 * @throws {AlreadyRun} where a runner was here before: an engine that starts a job twice runs it once
 */
export async function runParcel(folder: string, runtimeFolder: string): Promise<StepResult['status']> {
  const main = parcelPaths(realpathSync(folder));
  const rank = rankHere(process.env);
  const paths = rankPaths(main, rank);
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  claim(paths);
  const spec = JSON.parse(readFileSync(paths.spec, 'utf8')) as ParcelSpec;
  const gang = (spec.ranks ?? 1) > 1 ? createGang(main, rank, spec.ranks!) : null;
  if (!gang) {
    rmSync(paths.spec);
  }
  mkdirSync(paths.out, { recursive: true, mode: 0o700 });
  const stop = watchForStop(paths);
  const own = mkdtempSync('/tmp/slw-'); // sockets want a short path
  const work = mkdtempSync(join(tmpdir(), 'slipway-step-'));
  try {
    const run = (of: RankRun): Promise<StepResult> => runIn({ spec, of, rank: gang && rank, paths, runtimeFolder, own, work, stop });
    const result = await (gang ? runRank({ gang, rank, ranks: spec.ranks!, main, signal: stop.signal, run }) : run({ step: {}, signal: stop.signal }));
    await leave(paths, { result, stoppedBy: result.status === 'cancelled' ? stop.stoppedBy() : null, host: hostname() });
    return rank > 0 ? 'succeeded' : result.status; // the first rank says how the gang ended; an engine must not end it before
  } finally {
    stop.end();
    [own, work].forEach(made => rmSync(made, { recursive: true, force: true, maxRetries: 5 }));
  }
}

function claim(paths: ParcelPaths): void {
  try {
    writeFileSync(paths.claim, JSON.stringify({ host: hostname(), pid: process.pid, at: new Date() }), { flag: 'wx' });
  } catch (error) {
    throw new AlreadyRun(`${paths.claim} is there: this step was started before (${existsSync(paths.claim) ? readFileSync(paths.claim, 'utf8') : ''}).`, { cause: error });
  }
}

async function runIn(run: { spec: ParcelSpec; of: RankRun; rank: number | null; paths: ParcelPaths; runtimeFolder: string; own: string; work: string; stop: StopWatch }): Promise<StepResult> {
  const { spec, of, rank, paths, stop } = run;
  const blobs = createFolderBlobs(paths.blobs, paths.out);
  const runtime = await createKernelRuntime({
    runtimeDir: run.own,
    workDir: run.work,
    logFile: paths.engineLog,
    blobs,
    sandbox: spec.sandbox,
    hiddenPaths: [...spec.hiddenPaths, run.own],
    python: spec.python,
    pythonPath: join(run.runtimeFolder, 'python'),
    poolSize: 0,
    env: process.env
  });
  const log = await openGrowing(paths.log);
  const lines = rank === null ? { write: log.write, end: (): void => undefined } : createRankLog(rank, log.write);
  const gpus = grantedGpus(spec.gpuCount);
  const telling = rank ? null : await tellLive(paths, gpus); // of a gang the first is watched
  const killsBefore = memoryKills();
  try {
    const isCopied = spec.notebookFolder === 'copied';
    const isBare = isCopied && runtime.sandboxState().kind === 'none';
    const folder = isCopied ? (isBare && rank ? ownCopy(paths) : paths.notebookFolder) : spec.step.folder;
    const step: StepSpec = { ...spec.step, ...of.step, gpus, folder };
    const privately = isBare ? createPrivateFolder(step.folder, blobs) : null;
    privately?.prepare(step.inputFiles);
    const observer: StepObserver = {
      onStarted: ({ pid, usedBytes }) => {
        stop.started(pid);
        telling?.started(usedBytes);
      },
      onLog: lines.write,
      onReady: of.onReady,
      ...(telling && { onMetrics: telling.measured })
    };
    const result = await runtime.runStep(privately ? { ...step, inputFiles: [] } : step, { signal: of.signal, observer });
    lines.end();
    if (privately && result.status === 'succeeded') {
      result.files = await privately.changes();
    }
    await judgeEnvironment(spec, result, () => runtime.environmentLock(step.kernelName));
    return asSeenByDaemon(blamedOnMemory(result, killsBefore), step.folder, spec.step.folder);
  } finally {
    await runtime.dispose();
    await Promise.all([log.end(), telling?.end()]);
  }
}

/** Tells in the parcel what the step measures and uses while it runs. */
async function tellLive(paths: ParcelPaths, gpus: readonly string[]) {
  const live = await openGrowing(paths.live);
  const uuids = await gpuUuids(gpus);
  const sampler = startUsageSampler({ gpus: uuids, load: createGpuLoad(uuids.length > 0), onSample: usage => live.write(`${writeLive({ usage })}\n`) });
  return {
    started: sampler.watch,
    measured: (points: LiveMetric[]): void => live.write(`${writeLive({ points })}\n`),
    async end(): Promise<void> {
      sampler.end();
      await live.end();
    }
  };
}

/** Ranks that no walls keep apart must not write into one folder. */
function ownCopy(paths: ParcelPaths): string {
  const folder = join(paths.folder, 'folder');
  cpSync(paths.notebookFolder, folder, { recursive: true, verbatimSymlinks: true });
  return folder;
}

/** UUIDs or indices of the GPUs the engine gave us; where it says nothing but has given some, the first ones. */
function grantedGpus(count: number): string[] {
  const told = process.env.CUDA_VISIBLE_DEVICES;
  if (count === 0) {
    return [];
  }
  return told === undefined ? Array.from({ length: count }, (_, i) => String(i)) : told.split(',').filter(Boolean);
}

/** What another environment made is no substitute for what this pipeline's own would make. */
async function judgeEnvironment(spec: ParcelSpec, result: StepResult, lockHere: () => Promise<string>): Promise<void> {
  if (result.status === 'succeeded' && spec.environmentLock !== null && (await lockHere()) !== spec.environmentLock) {
    result.impurities.push('ran in another Python environment than this machine’s');
  }
}

function blamedOnMemory(result: StepResult, killsBefore: number): StepResult {
  if (result.error?.code !== 'kernel_died' || memoryKills() <= killsBefore) {
    return result;
  }
  const message = 'The step used more memory than the engine gives the job and was killed. Give it more, or work on less at once.';
  return { ...result, error: { ...result.error, code: 'out_of_memory', message, isRetryable: false } };
}

/** Paths of files read in the copy of the notebook's folder are told as those of the folder itself. */
function asSeenByDaemon(result: StepResult, here: string, there: string): StepResult {
  const moved = (path: string): string => (path === here ? there : path.startsWith(here + sep) ? join(there, path.slice(here.length)) : path);
  return { ...result, reads: result.reads.map(read => ({ ...read, path: moved(read.path) })) };
}

async function leave(paths: ParcelPaths, outcome: ParcelOutcome): Promise<void> {
  const temporary = `${paths.outcome}.new`;
  const file = await open(temporary, 'w', 0o600);
  await file.writeFile(JSON.stringify(outcome));
  await file.sync();
  await file.close();
  await rename(temporary, paths.outcome);
}
