import type { VersionMaking } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { baseName, cellTitle } from '../core/format';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { Code } from '../core/rich-text';
import { useSlipway } from '../core/ui';
import { makingLoader } from './loaders';
import { useLoader } from './use-loader';

interface Of {
  name: string;
  version: string;
}

/** The cells a version came from, in the notebook's order, each leading there. */
export function VersionCells(of: Of): React.JSX.Element {
  return <Making of={of} draw={making => <Cells making={making} />} />;
}

/** What a version was made with: Python, packages, and the digests of what it read. */
export function VersionEnvironment(of: Of): React.JSX.Element {
  return <Making of={of} draw={making => <Environment making={making} of={of} />} />;
}

function Making({ of, draw }: { of: Of; draw: (making: VersionMaking) => React.ReactNode }): React.JSX.Element {
  const { trans } = useSlipway();
  const { value, error, refresh } = useLoader(slipway => makingLoader(slipway, of.name, of.version), [of.name, of.version]);
  if (!value) {
    return error ? <ErrorNote error={error} onRetry={refresh} /> : <p className="jp-SlipwayFaint" role="status">{trans.__('Looking it up …')}</p>;
  }
  return <>{draw(value)}</>;
}

function Cells({ making }: { making: VersionMaking }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  if (making.cells.length === 0) {
    return <Empty title={trans.__('The cells of this version are not known')}>{making.notes.join(' ') || trans.__('Slipway knows those of notebooks it tracked and of pipelines it ran.')}</Empty>;
  }
  return (
    <>
      {making.notebookPath !== null && <p className="jp-SlipwayFaint" title={making.notebookPath}>{trans._n('%1 cell of %2, as it was when it ran. A title leads to the cell.', '%1 cells of %2, as they were when they ran. A title leads to the cell.', making.cells.length, baseName(making.notebookPath))}</p>}
      <ol className="jp-SlipwaySource">
        {making.cells.map(cell => (
          <li key={cell.id}>
            <header>
              <Button kind="link" disabled={making.notebookPath === null} title={trans.__('Show the cell in its notebook')} onClick={() => void commands.execute(CommandIds.revealCell, { path: making.notebookPath, cellId: cell.id })}>
                {cellTitle(cell.source)}
              </Button>
            </header>
            <Code source={cell.source} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Environment({ making, of }: { making: VersionMaking; of: Of }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const packages = Object.entries(making.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  const hasLineage = commands.hasCommand(CommandIds.openLineage);
  if (making.python === null && packages.length + making.data.length === 0) {
    return <Empty title={trans.__('Nothing is known of the environment')}>{making.notes.join(' ') || trans.__('A model logged with mlflow’s log_model brings its requirements.')}</Empty>;
  }
  return (
    <>
      {making.notes.map(note => (
        <p key={note} className="jp-SlipwayNote" role="note">{note}</p>
      ))}
      <Heading level={3} title={trans.__('Data')}>
        {hasLineage && <Button kind="link" onClick={() => void commands.execute(CommandIds.openLineage, { uri: `model:${of.name}@${of.version}` })}>{trans.__('Where it came from')}</Button>}
      </Heading>
      {making.data.length === 0 ? <p className="jp-SlipwayFaint">{trans.__('No file that it read was recorded.')}</p> : <Data data={making.data} hasLineage={hasLineage} />}
      <Heading level={3} title={trans.__('Python and packages')} />
      <dl className="jp-SlipwayFacts jp-SlipwayPackages">
        {making.python !== null && (
          <>
            <dt>Python</dt>
            <dd>{making.python}</dd>
          </>
        )}
        {packages.map(([name, version]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{version}</dd>
          </React.Fragment>
        ))}
      </dl>
    </>
  );
}

function Data({ data, hasLineage }: { data: VersionMaking['data']; hasLineage: boolean }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const open = (path: string, digest: string | null): void => void commands.execute(CommandIds.openLineage, { uri: `dataset:${path}${digest === null ? '' : `@sha256:${digest.replace(/^sha256:/, '')}`}` });
  return (
    <div className="jp-SlipwayScroll">
      <table aria-label={trans.__('Data')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Path')}</th>
            <th scope="col">{trans.__('Digest')}</th>
          </tr>
        </thead>
        <tbody>
          {data.map(({ path, digest }) => (
            <tr key={path}>
              <th scope="row" title={path}>
                {hasLineage ? <Button kind="link" onClick={() => open(path, digest)}>{path}</Button> : path}
              </th>
              <td>{digest === null ? <span className="jp-SlipwayFaint">{trans.__('not digested')}</span> : <code title={digest}>{digest.replace(/^sha256:/, '').slice(0, 16)}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
