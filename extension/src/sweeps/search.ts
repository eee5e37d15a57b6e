import type { NewSweep, Scalar, Sweep } from '@slipway/schema';
import type { z } from 'zod';
import { betterByName } from '../core/metric-direction';
import { readScalar, type Param } from '../pipelines/params-form';
import { dimensionOf, fieldsFor, fieldsOf, gridPoints, type DimensionFields } from './dimension-fields';
import type { SweepChoices } from './loaders';

export type Ask = z.input<typeof NewSweep>;

/** How to look for the best, as the form holds it. */
export interface Search {
  metric: string;
  direction: 'minimize' | 'maximize';
  sampler: Sweep['sampler']['kind'];
  /** As typed; empty: one is drawn. */
  seed: string;
  pruner: Sweep['pruner']['kind'];
  /** What each pruner goes by. */
  prunerOptions: { [K in keyof typeof PRUNER_OPTIONS]: { [O in keyof (typeof PRUNER_OPTIONS)[K]]: number } };
  maxTrials: number;
  maxParallel: number;
  maxFailures: number;
  patience: string;
  minutes: string;
  warmStart: string[];
}

/** What a pruner goes by where nobody says otherwise. */
export const PRUNER_OPTIONS = {
  median: { startupTrials: 5, warmupSteps: 0, intervalSteps: 1 },
  asha: { minResource: 1, reductionFactor: 4 },
  hyperband: { minResource: 1, maxResource: 100, reductionFactor: 3 }
} as const;

/** The search of an earlier sweep, or what one would begin with. */
export function firstSearch({ metrics, from, earlier }: Pick<SweepChoices, 'metrics' | 'from' | 'earlier'>): Search {
  const metric = from?.objective.metric ?? metrics?.[0] ?? '';
  const prunerOptions: Search['prunerOptions'] = { ...PRUNER_OPTIONS };
  if (from && from.pruner.kind !== 'none') {
    const { kind, ...options } = from.pruner;
    Object.assign(prunerOptions, { [kind]: options });
  }
  return {
    metric,
    direction: from?.objective.direction ?? (betterByName(metric) === 'higher' ? 'maximize' : 'minimize'),
    sampler: from?.sampler.kind ?? 'tpe',
    seed: from?.sampler.seed === undefined ? '' : String(from.sampler.seed),
    pruner: from?.pruner.kind ?? 'none',
    prunerOptions,
    maxTrials: from?.maxTrials ?? 20,
    maxParallel: from?.maxParallel ?? 2,
    maxFailures: from?.maxFailures ?? 5,
    patience: from?.patience == null ? '' : String(from.patience),
    minutes: from?.timeLimitMs == null ? '' : String(from.timeLimitMs / 60_000),
    warmStart: (from?.warmStart ?? []).filter(id => earlier.some(sweep => sweep.id === id))
  };
}

/** How each param is searched: as the earlier sweep did, or not at all. */
export function firstFields(params: readonly Param[], from: Sweep | null): Record<string, DimensionFields> {
  return Object.fromEntries(params.map(({ name, value }) => [name, from?.space[name] ? fieldsOf(from.space[name]!) : from && name in from.params ? { ...fieldsFor(value), kind: 'always', value: String(from.params[name] ?? '') } : fieldsFor(value)]));
}

/** What is sent; null where something typed cannot be read, or nothing is searched over. */
export function askOf(pipeline: string, version: number, params: readonly Param[], fields: Record<string, DimensionFields>, search: Search, from: Sweep | null): Ask | null {
  const searched = params.filter(({ name }) => !['fixed', 'always'].includes(fields[name]!.kind));
  const space = spaceOf(searched, fields);
  const fixed = fixedOf(params, fields, from);
  const { metric, direction, sampler, seed, pruner, maxParallel, maxFailures, patience, minutes, warmStart } = search;
  const points = gridPoints(Object.values(space));
  const isSeed = seed.trim() === '' || /^\d+$/.test(seed.trim());
  if (searched.length === 0 || Object.keys(space).length < searched.length || !fixed || metric === '' || !isSeed || (sampler === 'grid' && points === null)) {
    return null;
  }
  // What the form does not show of a sampler stays with it.
  const { seed: _seed, ...more } = from?.sampler.kind === sampler ? from.sampler : { kind: sampler };
  const learns = sampler === 'tpe' || sampler === 'cma-es';
  return {
    pipeline,
    version,
    space,
    params: fixed,
    objective: { metric, direction },
    sampler: { ...more, ...(seed.trim() !== '' && { seed: Number(seed) }) } as NonNullable<Ask['sampler']>,
    pruner: pruner === 'none' ? { kind: pruner } : ({ kind: pruner, ...search.prunerOptions[pruner] } as NonNullable<Ask['pruner']>),
    maxTrials: sampler === 'grid' ? Math.min(10_000, points!) : search.maxTrials,
    maxParallel,
    maxFailures,
    ...(patience.trim() !== '' && { patience: Number(patience) }),
    ...(minutes.trim() !== '' && { timeLimitMs: Math.round(Number(minutes) * 60_000) }),
    warmStart: learns ? warmStart : [],
    ...(from && { useCache: from.useCache })
  };
}

export function spaceOf(searched: readonly Param[], fields: Record<string, DimensionFields>): Sweep['space'] {
  return Object.fromEntries(
    searched.flatMap(({ name, value }) => {
      const dimension = dimensionOf(fields[name]!, value);
      return dimension ? [[name, dimension] as const] : [];
    })
  );
}

/** Values that all trials have; those of the earlier sweep as they were, where nobody typed others. */
function fixedOf(params: readonly Param[], fields: Record<string, DimensionFields>, from: Sweep | null): Record<string, Scalar> | null {
  const fixed: Record<string, Scalar> = {};
  for (const { name, value: own } of params.filter(p => fields[p.name]!.kind === 'always')) {
    const text = fields[name]!.value;
    const before = from?.params[name];
    const read = before !== undefined && text === String(before ?? '') ? { value: before } : readScalar(text, own);
    if (!read) {
      return null;
    }
    fixed[name] = read.value;
  }
  return fixed;
}
