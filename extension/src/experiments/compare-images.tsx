import { endpoints, type RunDetail } from '@slipway/schema';
import * as React from 'react';
import { ErrorNote, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { Swatch } from './curves-panel';
import { fileUrl } from './file-url';
import { useFetched } from '../core/use-fetched';

/** The same image of each run beside the others; nothing where none has an image. */
export function CompareImages({ runs }: { runs: RunDetail[] }): React.JSX.Element | null {
  const { trans, client } = useSlipway();
  const [chosen, setChosen] = React.useState<string | null>(null);
  const ids = runs.map(run => run.id);
  const { value, error } = useFetched(signal => Promise.all(ids.map(runId => client.call(endpoints.explore.images, { params: { runId }, signal }))), [ids.join()]);
  const paths = [...new Set(value?.flatMap(list => list.items))].sort();
  const path = paths.find(each => each === chosen) ?? paths[0];
  if (path === undefined) {
    return <ErrorNote error={error} />;
  }
  return (
    <section aria-label={trans.__('Images side by side')}>
      <Heading title={trans.__('Images')}>
        <label className="jp-SlipwayCheck">
          {trans.__('File')}
          <select value={path} onChange={event => setChosen(event.target.value)}>
            {paths.map(each => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
      </Heading>
      <div className="jp-SlipwayCompare-images">
        {runs.map((run, index) =>
          value?.[index]?.items.includes(path) ? (
            <figure key={run.id}>
              <figcaption>
                <Swatch index={index} /> {run.name}
              </figcaption>
              <img src={fileUrl(run.id, path)} alt={trans.__('%1 of %2', path, run.name)} loading="lazy" />
            </figure>
          ) : null
        )}
      </div>
    </section>
  );
}
