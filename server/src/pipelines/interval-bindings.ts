import type { DataInterval, IntervalBinding, Scalar, TriggerSpec } from '@slipway/schema';
import { InvalidInput } from '../core/errors';
import { checkFormat, formatInstant } from '../core/format-instant';
import { defaultParams, sourcesWith, type PipelineContent } from './content';

/** Values of the bound params for one data interval, as text. */
export function boundTexts(bindings: readonly IntervalBinding[], interval: DataInterval, timeZone: string): Record<string, string> {
  const at = { dataIntervalStart: new Date(interval.start), dataIntervalEnd: new Date(interval.end) };
  return Object.fromEntries(bindings.map(b => [b.param, formatInstant(at[b.from], b.format, timeZone)]));
}

/** Values of the bound params, each of the type its constant has in the notebook. */
export function boundParams(bindings: readonly IntervalBinding[], interval: DataInterval, timeZone: string, content: PipelineContent): Record<string, Scalar> {
  return typedAs(boundTexts(bindings, interval, timeZone), content);
}

/** Text as the pipeline's constants have it: a number where the notebook holds a number. */
export function typedAs(texts: Readonly<Record<string, Scalar>>, content: PipelineContent): Record<string, Scalar> {
  const defaults = defaultParams(content);
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [name, typeof defaults[name] === 'number' && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value])
  );
}

/**
 * Refuses params and bindings that no run of the pipeline could begin with.
 *
 * @throws InvalidInput `unknown_param`, `param_type`, `invalid_format`, `param_bound_twice`; the place is named
 */
export function checkParams(content: PipelineContent, ask: { params: Readonly<Record<string, Scalar>>; bindings: readonly IntervalBinding[]; timeZone: string }): void {
  const { bindings, params } = ask;
  bindings.forEach(({ param, format }, i) => {
    const path = `bindings.${i}`;
    if (format !== undefined) {
      checkFormat(format, `${path}.format`);
    }
    checkBound(content, param, path);
    if (param in params || bindings.findIndex(b => b.param === param) < i) {
      throw new InvalidInput('param_bound_twice', `The param ${param} has a value already: bind it once, or give it a fixed value.`, { errors: [{ path: `${path}.param`, message: 'has a value already' }] });
    }
  });
  const sample = { start: '2026-01-01T00:00:00.000Z', end: '2026-01-02T00:00:00.000Z' };
  sourcesWith(content, { ...params, ...boundParams(bindings, sample, ask.timeZone, content) });
}

/** Refuses params of a trigger that no run of the pipeline could begin with. @throws InvalidInput `unknown_param`, `param_type`; the place is named */
export function checkTriggerParams(content: PipelineContent, spec: Pick<TriggerSpec, 'params' | 'bindings'>): void {
  checkParams(content, { params: spec.params, bindings: [], timeZone: 'UTC' });
  spec.bindings.forEach((b, i) => checkBound(content, b.param, `bindings.${i}`));
}

/** @throws InvalidInput `unknown_param` */
function checkBound(content: PipelineContent, param: string, path: string): void {
  const known = content.constants.map(c => c.name);
  if (!known.includes(param)) {
    throw new InvalidInput('unknown_param', `The pipeline has no param ${param}; it has: ${known.join(', ') || 'none'}.`, { errors: [{ path: `${path}.param`, message: 'no such param' }] });
  }
}
