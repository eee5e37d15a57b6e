import { endpoints, type NewSweep, type Sweep } from '@slipway/schema';
import type { z } from 'zod';
import * as React from 'react';
import { DaemonNotice } from '../core/daemon-notice';
import type { Loader } from '../core/loader';
import { betterByName } from '../core/metric-direction';
import { Button, ErrorNote, Heading } from '../core/parts';
import { useAction, useSignal, useSlipway } from '../core/ui';
import { DimensionField } from './dimension-field';
import { dimensionOf, fieldsFor, fieldsOf, gridPoints, type DimensionFields } from './dimension-fields';
import type { SweepChoices } from './loaders';
import { SearchFields, type Search } from './search-fields';

type Ask = z.input<typeof NewSweep>;

/** The form of a new sweep, filled from the pipeline's params or from an earlier sweep. */
export function SweepForm({ loader, pipeline, onStarted }: { loader: Loader<SweepChoices>; pipeline: string; onStarted: (sweepId: string) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(loader.changed);
  return (
    <>
      <Heading level={1} title={trans.__('New sweep of %1', pipeline)} />
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {loader.value && <Fields key={loader.value.version.version} choices={loader.value} onStarted={onStarted} />}
    </>
  );
}

function firstSearch({ metrics, from }: SweepChoices): Search {
  const metric = from?.objective.metric ?? metrics?.[0] ?? '';
  return {
    metric,
    direction: from?.objective.direction ?? (betterByName(metric) === 'higher' ? 'maximize' : 'minimize'),
    sampler: from?.sampler.kind ?? 'tpe',
    pruner: from?.pruner.kind ?? 'none',
    maxResource: from?.pruner.kind === 'hyperband' ? from.pruner.maxResource : 100,
    maxTrials: from?.maxTrials ?? 20,
    maxParallel: from?.maxParallel ?? 2,
    patience: from?.patience == null ? '' : String(from.patience),
    minutes: from?.timeLimitMs == null ? '' : String(from.timeLimitMs / 60_000),
    warmStart: []
  };
}

function Fields({ choices, onStarted }: { choices: SweepChoices; onStarted: (sweepId: string) => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const { version, from } = choices;
  const [fields, setFields] = React.useState<Record<string, DimensionFields>>(() => Object.fromEntries(version.params.map(p => [p.name, from?.space[p.name] ? fieldsOf(from.space[p.name]!) : fieldsFor(p.value)])));
  const [search, setSearch] = React.useState(() => firstSearch(choices));
  const searched = version.params.filter(p => fields[p.name]!.kind !== 'fixed');
  const space = searched.flatMap(p => {
    const dimension = dimensionOf(fields[p.name]!, p.value);
    return dimension ? [[p.name, dimension] as const] : [];
  });
  const points = gridPoints(space.map(([, d]) => d));
  const isWhole = searched.length > 0 && space.length === searched.length && search.metric !== '' && !(search.sampler === 'grid' && points === null);
  const start = useAction(async () => {
    const sweep = await client.call(endpoints.sweeps.create, { body: askOf(version.pipeline, version.version, Object.fromEntries(space), search, from) });
    onStarted(sweep.id);
  });
  if (version.params.length === 0) {
    return <p>{trans.__('This pipeline has no parameters to search over: mark constants of its notebook as parameters first.')}</p>;
  }
  return (
    <form className="jp-SlipwaySweepForm" onSubmit={event => (event.preventDefault(), start.run())}>
      <Heading title={trans.__('Which values to try')} />
      <div className="jp-SlipwayScroll">
        <table className="jp-SlipwayTable">
          <thead>
            <tr>
              <th scope="col">{trans.__('Parameter')}</th>
              <th scope="col">{trans.__('is')}</th>
              <th scope="col" aria-label={trans.__('Values')} />
            </tr>
          </thead>
          <tbody>
            {version.params.map(p => (
              <DimensionField key={p.name} name={p.name} value={p.value} fields={fields[p.name]!} onChange={changed => setFields({ ...fields, [p.name]: changed })} />
            ))}
          </tbody>
        </table>
      </div>
      <Heading title={trans.__('What is best, and how to look for it')} />
      <SearchFields search={search} choices={choices} onChange={change => setSearch({ ...search, ...change })} />
      <p className="jp-SlipwayFaint" role="status">
        {searched.length === 0 ? trans.__('Choose at least one parameter to search over.') : search.sampler === 'grid' ? (points === null ? trans.__('A grid needs steps, without a log scale, or listed values.') : trans._n('The grid has %1 point.', 'The grid has %1 points.', points)) : ''}
      </p>
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={!isWhole || start.isBusy}>{trans.__('Start the sweep')}</Button>
      </div>
      <ErrorNote error={start.error} />
    </form>
  );
}

function askOf(pipeline: string, version: number, space: Ask['space'], search: Search, from: Sweep | null): Ask {
  const { metric, direction, sampler, pruner, maxResource, maxTrials, maxParallel, patience, minutes, warmStart } = search;
  const learns = sampler === 'tpe' || sampler === 'cma-es';
  return {
    pipeline,
    version,
    space,
    params: Object.fromEntries(Object.entries(from?.params ?? {}).filter(([name]) => !(name in space))),
    objective: { metric, direction },
    sampler: { kind: sampler },
    pruner: pruner === 'hyperband' ? { kind: pruner, maxResource } : { kind: pruner },
    maxTrials: sampler === 'grid' ? Math.min(10_000, gridPoints(Object.values(space) as never) ?? maxTrials) : maxTrials,
    maxParallel,
    ...(patience.trim() !== '' && { patience: Number(patience) }),
    ...(minutes.trim() !== '' && { timeLimitMs: Math.round(Number(minutes) * 60_000) }),
    warmStart: learns ? warmStart : []
  };
}
