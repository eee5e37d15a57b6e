import { Resources, RetryPolicy, type RunIf, type StepOptions } from '@slipway/schema';

/** A step's options as a form has them: numbers as typed, empty where nothing is said. */
export interface StepFields {
  cpus: string;
  memoryGib: string;
  gpus: string;
  timeoutMinutes: string;
  maxRetries: string;
  when: string;
  runIf: RunIf;
  pool: string;
  isReused: boolean;
}

const GIB = 2 ** 30;
const MINUTE = 60_000;
const ASKED_BY_NONE = Resources.parse({});
/** Who types a number of retries means it for any error. */
const RETRY = RetryPolicy.parse({ on: ['any'] });

export function fieldsOf(options: StepOptions = {}): StepFields {
  const text = (value: number | undefined): string => (value === undefined ? '' : String(Math.round(value * 1000) / 1000));
  const { resources, retry, timeoutMs } = options;
  return {
    cpus: text(resources?.cpus),
    memoryGib: text(resources && resources.memoryBytes / GIB),
    gpus: text(resources?.gpus),
    timeoutMinutes: text(timeoutMs && timeoutMs / MINUTE),
    maxRetries: text(retry?.maxRetries),
    when: options.when ?? '',
    runIf: options.runIf ?? 'all_succeeded',
    pool: options.pool ?? '',
    isReused: options.cache?.isEnabled ?? true
  };
}

/** The options with what the form says; what it does not show stays. Null where a number cannot be read. */
export function withFields(options: StepOptions = {}, fields: StepFields): StepOptions | null {
  const numbers = { cpus: read(fields.cpus), memoryGib: read(fields.memoryGib), gpus: read(fields.gpus), timeoutMinutes: read(fields.timeoutMinutes), maxRetries: read(fields.maxRetries) };
  if (Object.values(numbers).includes(null)) {
    return null;
  }
  const { cpus, memoryGib, gpus, timeoutMinutes, maxRetries } = numbers as { [K in keyof typeof numbers]: number | undefined };
  const { resources, retry, timeoutMs: _timeout, when: _when, runIf: _runIf, pool: _pool, cache, ...rest } = options;
  const before = resources ?? ASKED_BY_NONE;
  const asksFor = resources !== undefined || cpus !== undefined || memoryGib !== undefined || gpus !== undefined;
  return {
    ...rest,
    ...(asksFor && { resources: { ...before, cpus: cpus ?? ASKED_BY_NONE.cpus, memoryBytes: memoryGib === undefined ? ASKED_BY_NONE.memoryBytes : Math.round(memoryGib * GIB), gpus: gpus ?? ASKED_BY_NONE.gpus } }),
    ...(maxRetries !== undefined && { retry: { ...(retry ?? RETRY), maxRetries } }),
    ...(timeoutMinutes !== undefined && { timeoutMs: Math.round(timeoutMinutes * MINUTE) }),
    ...(fields.when.trim() !== '' && { when: fields.when.trim() }),
    ...(fields.runIf !== 'all_succeeded' && { runIf: fields.runIf }),
    ...(fields.pool.trim() !== '' && { pool: fields.pool.trim() }),
    ...((!fields.isReused || cache?.expiresAfterMs !== undefined) && { cache: { ...cache, isEnabled: fields.isReused } })
  };
}

/** The number typed; undefined where nothing is, null where it is none. */
function read(text: string): number | undefined | null {
  const value = Number(text);
  return text.trim() === '' ? undefined : Number.isFinite(value) && value >= 0 ? value : null;
}
