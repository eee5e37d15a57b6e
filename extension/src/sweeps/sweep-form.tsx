import { endpoints } from '@slipway/schema';
import * as React from 'react';
import { DaemonNotice } from '../core/daemon-notice';
import type { Loader } from '../core/loader';
import { Button, ErrorNote, Heading } from '../core/parts';
import { useAction, useSignal, useSlipway } from '../core/ui';
import { DimensionField } from './dimension-field';
import { gridPoints } from './dimension-fields';
import type { SweepChoices } from './loaders';
import { askOf, firstFields, firstSearch, spaceOf } from './search';
import { SearchFields } from './search-fields';

/** The form of a new sweep, filled from the pipeline's params or from an earlier sweep. */
export function SweepForm({ loader, pipeline, onStarted }: { loader: Loader<SweepChoices>; pipeline: string; onStarted: (sweepId: string) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(loader.changed);
  return (
    <>
      <Heading level={1} title={trans.__('New sweep of %1', pipeline)} />
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {loader.value && <SweepFields key={loader.value.version.version} choices={loader.value} onStarted={onStarted} />}
    </>
  );
}

/** Which values are tried, and how to look for the best of them. */
export function SweepFields({ choices, onStarted }: { choices: SweepChoices; onStarted: (sweepId: string) => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const { version, from } = choices;
  const [fields, setFields] = React.useState(() => firstFields(version.params, from));
  const [search, setSearch] = React.useState(() => firstSearch(choices));
  const searched = version.params.filter(p => !['fixed', 'always'].includes(fields[p.name]!.kind));
  const points = gridPoints(Object.values(spaceOf(searched, fields)));
  const ask = askOf(version.pipeline, version.version, version.params, fields, search, from);
  const start = useAction(async () => {
    if (ask) {
      onStarted((await client.call(endpoints.sweeps.create, { body: ask })).id);
    }
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
        <Button kind="accept" type="submit" disabled={ask === null || start.isBusy}>{trans.__('Start the sweep')}</Button>
      </div>
      <ErrorNote error={start.error} />
    </form>
  );
}
