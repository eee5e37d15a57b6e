import type { Dimension, NewSweep, Scalar, SweepSampler } from '@slipway/schema';
import { AppError, InvalidInput } from '../core/errors';
import { checkParams, type PipelineContent } from '../pipelines';

/** Most points of a grid. */
const GRID_LIMIT = 10_000;

/**
 * Refuses a search that no trial could begin with, or that its sampler cannot
 * do; the place is named.
 *
 * @throws InvalidInput `unknown_param`, `param_type`, `invalid_space`, `param_bound_twice`, `grid_needs_step`, `grid_too_large`, `cma_es_needs_two`, `warm_start_unused`
 */
export function checkSpace(content: PipelineContent, ask: Pick<NewSweep, 'space' | 'params' | 'sampler' | 'warmStart'>): void {
  placed('params', () => checkParams(content, { params: ask.params, bindings: [], timeZone: 'UTC' }));
  for (const [name, dimension] of Object.entries(ask.space)) {
    const path = `space.${name}`;
    if (name in ask.params) {
      throw refused('param_bound_twice', path, `The param ${name} has a fixed value and is searched over: do one of them.`);
    }
    checkDimension(name, dimension, path);
    for (const value of samplesOf(dimension)) {
      placed(path, () => checkParams(content, { params: { ...ask.params, [name]: value }, bindings: [], timeZone: 'UTC' }));
    }
  }
  checkSampler(ask.sampler, ask.space, ask.warmStart);
}

function checkDimension(name: string, dimension: Dimension, path: string): void {
  if (dimension.type === 'choice') {
    if (new Set(dimension.values).size < dimension.values.length) {
      throw refused('invalid_space', `${path}.values`, `${name}: a value stands among its choices twice.`);
    }
    return;
  }
  const { low, high, log, step } = dimension;
  if (low > high) {
    throw refused('invalid_space', `${path}.low`, `${name}: low (${low}) is above high (${high}).`);
  }
  if (log && low <= 0) {
    throw refused('invalid_space', `${path}.low`, `${name}: on a log scale low is above 0, not ${low}.`);
  }
  if (log && step !== undefined && !(dimension.type === 'int' && step === 1)) {
    throw refused('invalid_space', `${path}.step`, `${name}: a log scale has no step.`);
  }
}

function checkSampler(sampler: SweepSampler, space: Readonly<Record<string, Dimension>>, warmStart: readonly string[]): void {
  const dimensions = Object.entries(space);
  if (sampler.kind === 'grid') {
    const endless = dimensions.find(([, d]) => (d.type === 'float' && d.step === undefined) || (d.type !== 'choice' && d.log));
    if (endless) {
      throw refused('grid_needs_step', `space.${endless[0]}.step`, `A grid needs to know which values of ${endless[0]} to try: give it a step and no log scale, or list them as choices.`);
    }
    const size = gridSize(space);
    if (size > GRID_LIMIT) {
      throw refused('grid_too_large', 'space', `The grid has ${size} points; at most ${GRID_LIMIT} are tried. Take larger steps, or another sampler.`);
    }
  }
  if (sampler.kind === 'cma-es' && dimensions.filter(([, d]) => d.type !== 'choice').length < 2) {
    throw refused('cma_es_needs_two', 'sampler.kind', 'CMA-ES needs two params or more that are numbers; take tpe.');
  }
  if (warmStart.length > 0 && (sampler.kind === 'grid' || sampler.kind === 'random')) {
    throw refused('warm_start_unused', 'warmStart', `The sampler ${sampler.kind} learns nothing from earlier trials; take tpe or cma-es.`);
  }
}

/** How many points a grid of these params has. */
export function gridSize(space: Readonly<Record<string, Dimension>>): number {
  return Object.values(space).reduce((size, d) => size * (d.type === 'choice' ? d.values.length : Math.floor((d.high - d.low) / (d.step ?? 1) + 1e-8) + 1), 1);
}

/** Whether a value of an earlier trial lies in the dimension. */
export function holds(dimension: Dimension, value: Scalar | undefined): boolean {
  if (dimension.type === 'choice') {
    return value !== undefined && dimension.values.includes(value);
  }
  if (typeof value !== 'number' || value < dimension.low || value > dimension.high || (dimension.type === 'int' && !Number.isInteger(value))) {
    return false;
  }
  const steps = dimension.step === undefined ? 0 : (value - dimension.low) / dimension.step;
  return Math.abs(steps - Math.round(steps)) < 1e-8;
}

const samplesOf = (dimension: Dimension): Scalar[] => (dimension.type === 'choice' ? dimension.values : [dimension.low, dimension.high]);

function refused(code: string, path: string, message: string): InvalidInput {
  return new InvalidInput(code, message, { errors: [{ path, message }] });
}

/** The same refusal with the place it is about. */
function placed(path: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw cause instanceof AppError ? new InvalidInput(cause.code, cause.message, { cause, errors: [{ path, message: cause.message }] }) : cause;
  }
}
