import { MapOptions, Resources, RetryPolicy, TrainingRule, type RunIf, type StepOptions } from '@slipway/schema';

/** A step's options as a form has them: numbers as typed, empty where nothing is said. */
export interface StepFields {
  cpus: string;
  memoryGib: string;
  gpus: string;
  ranks: string;
  timeoutMinutes: string;
  maxRetries: string;
  when: string;
  runIf: RunIf;
  branch: string;
  isExitHandler: boolean;
  /** The list the step runs over; empty: it runs once. */
  mapOver: string;
  mapAs: string;
  mapParallel: string;
  mapMayFail: boolean;
  pool: string;
  isPreemptible: boolean;
  /** What to do about a training that goes wrong; `own`: rules that the form does not show. */
  watch: 'none' | 'alert' | 'stop' | 'own';
  isReused: boolean;
}

const GIB = 2 ** 30;
const MINUTE = 60_000;
const ASKED_BY_NONE = Resources.parse({});
/** Who types a number of retries means it for any error. */
const RETRY = RetryPolicy.parse({ on: ['any'] });

/** What is watched where somebody only says that it should be: with `stop`, what nothing can come of ends the step. */
const WATCHED = ['not_finite', 'exploding', 'not_decreasing', 'overfitting', 'gpu_idle', 'memory_growing'] as const;
const HOPELESS: readonly string[] = ['not_finite', 'exploding'];
const rulesFor = (action: 'alert' | 'stop'): TrainingRule[] =>
  WATCHED.map(kind => TrainingRule.parse({ kind, action: HOPELESS.includes(kind) ? action : 'alert', ...(kind === 'exploding' && { metric: '*loss*' }) }));
const RULES = { none: undefined, alert: rulesFor('alert'), stop: rulesFor('stop') };

function watchOf(rules: StepOptions['rules']): StepFields['watch'] {
  const told = JSON.stringify(rules?.map(rule => TrainingRule.parse(rule))); // keys in one order
  const same = (other: unknown): boolean => told === JSON.stringify(other);
  return (['none', 'alert', 'stop'] as const).find(watch => same(RULES[watch])) ?? 'own';
}

export function fieldsOf(options: StepOptions = {}): StepFields {
  const text = (value: number | undefined): string => (value === undefined ? '' : String(Math.round(value * 1000) / 1000));
  const { resources, retry, timeoutMs, map } = options;
  return {
    cpus: text(resources?.cpus),
    memoryGib: text(resources && resources.memoryBytes / GIB),
    gpus: text(resources?.gpus),
    ranks: text(resources?.ranks),
    timeoutMinutes: text(timeoutMs && timeoutMs / MINUTE),
    maxRetries: text(retry?.maxRetries),
    when: options.when ?? '',
    runIf: options.runIf ?? 'all_succeeded',
    branch: options.branch ?? '',
    isExitHandler: options.isExitHandler ?? false,
    mapOver: map?.over ?? '',
    mapAs: map?.as ?? '',
    mapParallel: text(map?.maxParallel),
    mapMayFail: map?.mayFail ?? false,
    pool: options.pool ?? '',
    isPreemptible: options.isPreemptible ?? false,
    watch: watchOf(options.rules),
    isReused: options.cache?.isEnabled ?? true
  };
}

/** The options with what the form says; what it does not show stays. Null where something typed cannot be read. */
export function withFields(options: StepOptions = {}, fields: StepFields): StepOptions | null {
  const { cpus, memoryGib, gpus, ranks, timeoutMinutes, maxRetries, mapParallel } = fields;
  const numbers = numbersOf({ cpus, memoryGib, gpus, ranks, timeoutMinutes, maxRetries, mapParallel });
  const map = numbers && mapOf(options.map, fields, numbers.mapParallel);
  if (!numbers || map === null) {
    return null;
  }
  const { resources: _resources, retry, timeoutMs: _timeout, when: _when, runIf: _runIf, branch: _branch, isExitHandler: _exit, map: _map, pool: _pool, isPreemptible: _preemptible, rules: _rules, cache, ...rest } = options;
  const rules = fields.watch === 'own' ? options.rules : RULES[fields.watch];
  const told = (key: 'when' | 'branch' | 'pool'): StepOptions => (fields[key].trim() === '' ? {} : { [key]: fields[key].trim() });
  return {
    ...rest,
    ...resourcesOf(options.resources, numbers),
    ...(numbers.maxRetries !== undefined && { retry: { ...(retry ?? RETRY), maxRetries: numbers.maxRetries } }),
    ...(numbers.timeoutMinutes !== undefined && { timeoutMs: Math.round(numbers.timeoutMinutes * MINUTE) }),
    ...told('when'),
    ...(fields.runIf !== 'all_succeeded' && { runIf: fields.runIf }),
    ...told('branch'),
    ...(fields.isExitHandler && { isExitHandler: true }),
    ...(map && { map }),
    ...told('pool'),
    ...(fields.isPreemptible && { isPreemptible: true }),
    ...(rules && { rules: [...rules] }),
    ...((!fields.isReused || cache?.expiresAfterMs !== undefined) && { cache: { ...cache, isEnabled: fields.isReused } })
  };
}

type Numbers<K extends string> = Record<K, number | undefined>;

function resourcesOf(before: Resources | undefined, { cpus, memoryGib, gpus, ranks }: Numbers<'cpus' | 'memoryGib' | 'gpus' | 'ranks'>): StepOptions {
  if (!before && [cpus, memoryGib, gpus, ranks].every(n => n === undefined)) {
    return {};
  }
  const memoryBytes = memoryGib === undefined ? ASKED_BY_NONE.memoryBytes : Math.round(memoryGib * GIB);
  return { resources: { ...(before ?? ASKED_BY_NONE), cpus: cpus ?? ASKED_BY_NONE.cpus, memoryBytes, gpus: gpus ?? ASKED_BY_NONE.gpus, ranks: ranks ?? ASKED_BY_NONE.ranks } };
}

/** Undefined: it runs once. Null: what is typed names no variable. */
function mapOf(before: MapOptions | undefined, { mapOver, mapAs, mapMayFail }: StepFields, maxParallel: number | undefined): MapOptions | undefined | null {
  const [over, as] = [mapOver.trim(), mapAs.trim()];
  if (over === '' && as === '') {
    return undefined;
  }
  const made = MapOptions.safeParse({ ...before, over, as, mayFail: mapMayFail, maxParallel });
  return made.success ? made.data : null;
}

/** Null where one of the texts is no number. */
function numbersOf<K extends string>(texts: Record<K, string>): Numbers<K> | null {
  const numbers = Object.fromEntries(Object.entries<string>(texts).map(([key, text]) => [key, read(text)])) as Record<K, number | undefined | null>;
  return Object.values(numbers).includes(null) ? null : (numbers as Numbers<K>);
}

/** The number typed; undefined where nothing is, null where it is none. */
function read(text: string): number | undefined | null {
  const value = Number(text);
  return text.trim() === '' ? undefined : Number.isFinite(value) && value >= 0 ? value : null;
}
