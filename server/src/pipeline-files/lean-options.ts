import { PipelineOptions } from '@slipway/schema';
import type { z } from 'zod';
import { canonicalJson } from '../pipelines';

/** Options without what would be there anyway, so that a file holds only what somebody wanted. */
export function leanOptions(options: PipelineOptions): Partial<PipelineOptions> & Pick<PipelineOptions, 'steps'> {
  return { steps: {}, ...lean(PipelineOptions, options) };
}

/** A value without what its schema fills in, in the schema's order. */
export function lean<T>(schema: z.ZodType<T>, value: unknown): Partial<T> {
  const whole = schema.parse(value);
  const wanted = canonicalJson(whole);
  const bare = structuredClone(whole) as Record<string, unknown>;
  const isSame = (): boolean => {
    const parsed = schema.safeParse(bare);
    return parsed.success && canonicalJson(parsed.data) === wanted;
  };
  leaveOut(bare, isSame);
  return bare as Partial<T>;
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
