import { PipelineOptions } from '@slipway/schema';
import { canonicalJson } from '../pipelines';

/** Options without what would be there anyway, so that a file holds only what somebody wanted. */
export function leanOptions(options: PipelineOptions): Partial<PipelineOptions> & Pick<PipelineOptions, 'steps'> {
  const wanted = canonicalJson(PipelineOptions.parse(options));
  const lean = structuredClone(PipelineOptions.parse(options)) as Record<string, unknown>; // in the order of the format;
  const isSame = (): boolean => {
    const parsed = PipelineOptions.safeParse(lean);
    return parsed.success && canonicalJson(parsed.data) === wanted;
  };
  leaveOut(lean, isSame);
  return { steps: {}, ...lean };
}

/** Takes away every key whose absence changes nothing, the whole before its parts. */
function leaveOut(value: unknown, isSame: () => boolean): void {
  if (Array.isArray(value)) {
    value.forEach(item => leaveOut(item, isSame));
    return;
  }
  if (value === null || typeof value !== 'object') {
    return;
  }
  const record = value as Record<string, unknown>;
  for (const [key, held] of Object.entries(record)) {
    delete record[key];
    if (!isSame()) {
      record[key] = held;
      leaveOut(held, isSame);
    }
  }
}
