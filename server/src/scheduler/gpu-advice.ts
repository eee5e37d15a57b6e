import { gib } from './policy';

/** What the last successful runs of a step did with the GPUs they held for themselves. */
export interface GpuHistory {
  /** The most memory of one GPU, of each run. */
  peaksBytes: readonly number[];
  /** How busy they were: the 95th percentile, of each run. */
  percents: readonly number[];
  /** Of the smallest GPU held; null where none was. */
  memoryBytes: number | null;
  asked: number;
}

const RUNS = 5;
/** Room above the highest peak seen. */
const SPARE = 1.5;
/** Busy for less than this, GPUs wait most of the time: of two, one would do. */
const LITTLE_PERCENT = 40;

/** That another share, or a smaller GPU, would do; null while there is too little to go by, or little to gain. */
export function gpuMemoryAdvice({ peaksBytes, memoryBytes, asked }: GpuHistory): { runs: number; askedBytes: number; peakBytes: number; adviceBytes: number; text: string } | null {
  if (peaksBytes.length < RUNS || memoryBytes === null || asked < 1) {
    return null;
  }
  const peakBytes = Math.max(...peaksBytes);
  const adviceBytes = Math.ceil((peakBytes * SPARE) / 2 ** 30) * 2 ** 30;
  if (adviceBytes * 2 > memoryBytes) {
    return null;
  }
  const share = Math.ceil((adviceBytes / memoryBytes) * 100) / 100;
  const instead = asked === 1 ? `gpus: ${share} would do, or a GPU of ${gib(adviceBytes)}` : `GPUs of ${gib(adviceBytes)} would do, or fewer with more on each`;
  const text = `Held ${asked === 1 ? 'a GPU' : `${asked} GPUs`} of ${gib(memoryBytes)} and never used more than ${gib(peakBytes)} of one in ${peaksBytes.length} runs: ${instead}.`;
  return { runs: peaksBytes.length, askedBytes: memoryBytes, peakBytes, adviceBytes, text };
}

/** That its GPUs mostly wait; null as above. */
export function gpuUseAdvice({ percents, asked }: GpuHistory): { runs: number; percent: number; text: string } | null {
  const percent = Math.round(Math.max(0, ...percents));
  if (percents.length < RUNS || percent >= LITTLE_PERCENT) {
    return null;
  }
  const instead = asked > 1 ? 'ask for fewer, or feed them faster' : 'feed it faster (larger batches, more loaders), or ask for a share';
  return { runs: percents.length, percent, text: `Its ${asked > 1 ? `${asked} GPUs were` : 'GPU was'} never more than ${percent} % busy (95th percentile) in ${percents.length} runs: ${instead}.` };
}
