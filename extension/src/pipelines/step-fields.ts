import { MapOptions, Resources, RetryPolicy, StepOptions, TrainingRule, type ErrorClass, type RunIf } from '@slipway/schema';
import { readCounts, readList, readSecrets, writeCounts, writeSecrets } from './typed-lists';

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
  /** Its own rules, where `watch` says so. */
  rules: TrainingRule[];
  isReused: boolean;
  /** Where it runs: `local`, or an engine's name; empty: nothing is said. */
  engine: string;
  gpuTypes: string;
  gpuMemoryGib: string;
  migProfile: string;
  scratchGib: string;
  licences: string;
  priority: string;
  /** Errors it is tried again after; none: any. */
  retryOn: ErrorClass[];
  retryExceptions: string;
  backoffS: string;
  maxBackoffS: string;
  /** How long its result may be reused. */
  cacheHours: string;
  secrets: string;
}

/** What cannot be read, or is refused, and where in a step's options; null: the text as such. */
export interface Fault {
  path: string;
  message: string | null;
}

const GIB = 2 ** 30;
const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const ASKED_BY_NONE = Resources.parse({});
/** Who types a number of retries means it for any error. */
const RETRY = RetryPolicy.parse({ on: ['any'] });

/** What is watched where somebody only says that it should be: with `stop`, what nothing can come of ends the step. */
const WATCHED = ['not_finite', 'exploding', 'not_decreasing', 'overfitting', 'gpu_idle', 'memory_growing'] as const;
const HOPELESS: readonly string[] = ['not_finite', 'exploding'];
const rulesFor = (action: 'alert' | 'stop'): TrainingRule[] =>
  WATCHED.map(kind => TrainingRule.parse({ kind, action: HOPELESS.includes(kind) ? action : 'alert', ...(kind === 'exploding' && { metric: '*loss*' }) }));
/** What is watched for, by what the form offers. */
export const RULES = { none: undefined, alert: rulesFor('alert'), stop: rulesFor('stop') };

function watchOf(rules: StepOptions['rules']): StepFields['watch'] {
  const told = JSON.stringify(rules?.map(rule => TrainingRule.parse(rule))); // keys in one order
  const same = (other: unknown): boolean => told === JSON.stringify(other);
  return (['none', 'alert', 'stop'] as const).find(watch => same(RULES[watch])) ?? 'own';
}

export function fieldsOf(options: StepOptions = {}): StepFields {
  const text = (value: number | undefined): string => (value === undefined ? '' : String(Math.round(value * 1000) / 1000));
  const unless = (usual: number, value = usual, unit = 1): string => (value === usual ? '' : text(value / unit));
  const { resources, retry, timeoutMs, map } = options;
  const isAny = String(retry?.on ?? 'any') === 'any';
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
    rules: options.rules?.map(rule => TrainingRule.parse(rule)) ?? [],
    isReused: options.cache?.isEnabled ?? true,
    engine: options.engine ?? '',
    gpuTypes: resources?.gpuTypes.join(', ') ?? '',
    gpuMemoryGib: unless(0, resources?.gpuMemoryBytes, GIB),
    migProfile: resources?.migProfile ?? '',
    scratchGib: unless(0, resources?.scratchBytes, GIB),
    licences: writeCounts(resources?.licences ?? {}),
    priority: text(options.priority),
    retryOn: isAny ? [] : retry!.on,
    retryExceptions: retry?.onExceptions.join(', ') ?? '',
    backoffS: unless(RETRY.backoffMs, retry?.backoffMs, SECOND),
    maxBackoffS: unless(RETRY.maxBackoffMs, retry?.maxBackoffMs, SECOND),
    cacheHours: text(options.cache?.expiresAfterMs && options.cache.expiresAfterMs / HOUR),
    secrets: writeSecrets(options.secrets ?? {})
  };
}

/** Whether something is said that the form shows only where one asks for more. */
export function saysMore(fields: StepFields): boolean {
  const { gpuTypes, gpuMemoryGib, migProfile, scratchGib, licences, priority, retryOn, retryExceptions, backoffS, maxBackoffS, cacheHours, secrets, watch } = fields;
  return watch === 'own' || retryOn.length > 0 || [gpuTypes, gpuMemoryGib, migProfile, scratchGib, licences, priority, retryExceptions, backoffS, maxBackoffS, cacheHours, secrets].some(text => text.trim() !== '');
}

/** The options with what the form says; what it does not show stays. Null where something typed cannot be read. */
export function withFields(options: StepOptions | undefined, fields: StepFields): StepOptions | null {
  return readFields(options, fields).options;
}

/** The same, with what is wrong and where. */
export function readFields(options: StepOptions = {}, fields: StepFields): { options: StepOptions | null; faults: Fault[] } {
  const faults: Fault[] = [];
  const number = (path: string, text: string, isSigned = false): number | undefined => {
    const value = Number(text);
    if (text.trim() === '') {
      return undefined;
    }
    return Number.isFinite(value) && (isSigned || value >= 0) ? value : void faults.push({ path, message: null });
  };
  const parsed = <T>(path: string, value: T | null): T | undefined => value ?? void faults.push({ path, message: null });
  const ms = (path: string, text: string, unit: number): number | undefined => scaled(number(path, text), unit);

  const { timeoutMs: _timeout, when: _when, runIf: _runIf, branch: _branch, isExitHandler: _exit, map: _map, pool: _pool, isPreemptible: _preemptible, rules: _rules, engine: _engine, priority: _priority, secrets: _secrets, cache: _cache, resources: _resources, retry: _retry, ...rest } = options;
  const rules = rulesOf(options.rules, fields);
  const told = (key: 'when' | 'branch' | 'pool' | 'engine'): StepOptions => (fields[key].trim() === '' ? {} : { [key]: fields[key].trim() });
  const timeoutMs = ms('timeoutMs', fields.timeoutMinutes, MINUTE);
  const priority = number('priority', fields.priority, true);
  const expiresAfterMs = ms('cache.expiresAfterMs', fields.cacheHours, HOUR);
  const secrets = parsed('secrets', readSecrets(fields.secrets));
  const made: StepOptions = {
    ...rest,
    ...resourcesOf(options.resources, fields, number, parsed),
    ...told('engine'),
    ...retryOf(options.retry, fields, number, ms),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...told('when'),
    ...(fields.runIf !== 'all_succeeded' && { runIf: fields.runIf }),
    ...told('branch'),
    ...(fields.isExitHandler && { isExitHandler: true }),
    ...mapOf(options.map, fields, number('map.maxParallel', fields.mapParallel)),
    ...told('pool'),
    ...(priority !== undefined && { priority }),
    ...(fields.isPreemptible && { isPreemptible: true }),
    ...(rules && { rules: [...rules] }),
    ...((!fields.isReused || expiresAfterMs !== undefined) && { cache: { isEnabled: fields.isReused, ...(expiresAfterMs !== undefined && { expiresAfterMs }) } }),
    ...(secrets && Object.keys(secrets).length > 0 && { secrets })
  };
  const judged = StepOptions.safeParse(made);
  faults.push(...(judged.error?.issues ?? []).map(issue => ({ path: issue.path.join('.'), message: issue.message })));
  return { options: faults.length === 0 ? made : null, faults };
}

/** Those of before stay as they were written where the form changed none. */
function rulesOf(before: StepOptions['rules'], { watch, rules }: StepFields): readonly TrainingRule[] | undefined {
  if (watch !== 'own') {
    return RULES[watch];
  }
  const isAsBefore = JSON.stringify(fieldsOf({ rules: before }).rules) === JSON.stringify(rules);
  return rules.length === 0 ? undefined : isAsBefore ? before : rules;
}

type ReadNumber = (path: string, text: string) => number | undefined;
type Parsed = <T>(path: string, value: T | null) => T | undefined;

const scaled = (value: number | undefined, unit: number): number | undefined => (value === undefined ? undefined : Math.round(value * unit));

function resourcesOf(before: Resources | undefined, fields: StepFields, number: ReadNumber, parsed: Parsed): StepOptions {
  const licences = parsed('resources.licences', readCounts(fields.licences)) ?? {};
  const asked = {
    cpus: number('resources.cpus', fields.cpus),
    memoryBytes: scaled(number('resources.memoryBytes', fields.memoryGib), GIB),
    gpus: number('resources.gpus', fields.gpus),
    ranks: number('resources.ranks', fields.ranks),
    gpuMemoryBytes: scaled(number('resources.gpuMemoryBytes', fields.gpuMemoryGib), GIB),
    scratchBytes: scaled(number('resources.scratchBytes', fields.scratchGib), GIB)
  };
  const gpuTypes = readList(fields.gpuTypes);
  const migProfile = fields.migProfile.trim() || null;
  const isSaid = gpuTypes.length > 0 || migProfile !== null || Object.keys(licences).length > 0 || Object.values(asked).some(n => n !== undefined);
  if (!before && !isSaid) {
    return {};
  }
  const said = Object.fromEntries(Object.entries(asked).filter(([, n]) => n !== undefined));
  return { resources: { ...ASKED_BY_NONE, ...said, gpuTypes, migProfile, licences } };
}

function retryOf(before: RetryPolicy | undefined, fields: StepFields, number: ReadNumber, ms: (path: string, text: string, unit: number) => number | undefined): StepOptions {
  const maxRetries = number('retry.maxRetries', fields.maxRetries);
  const backoffMs = ms('retry.backoffMs', fields.backoffS, SECOND);
  const maxBackoffMs = ms('retry.maxBackoffMs', fields.maxBackoffS, SECOND);
  const onExceptions = readList(fields.retryExceptions);
  if (maxRetries === undefined && backoffMs === undefined && maxBackoffMs === undefined && onExceptions.length === 0 && fields.retryOn.length === 0) {
    return {};
  }
  const on = fields.retryOn.length > 0 ? fields.retryOn : RETRY.on;
  return { retry: { ...(before ?? RETRY), maxRetries: maxRetries ?? RETRY.maxRetries, backoffMs: backoffMs ?? RETRY.backoffMs, maxBackoffMs: maxBackoffMs ?? RETRY.maxBackoffMs, on, onExceptions } };
}

/** Nothing where it runs once. */
function mapOf(before: MapOptions | undefined, { mapOver, mapAs, mapMayFail }: StepFields, maxParallel: number | undefined): StepOptions {
  const [over, as] = [mapOver.trim(), mapAs.trim()];
  if (over === '' && as === '') {
    return {};
  }
  const { maxItems } = before ?? MapOptions.parse({ over: 'x', as: 'x' });
  return { map: { over, as, maxParallel: maxParallel ?? 16, maxItems, mayFail: mapMayFail } };
}
