import type { Sweep } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { formatNumber, formatTime } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, Empty, ErrorNote, Heading, StateMark } from '../core/parts';
import { personWord } from '../core/person-word';
import { stateWord } from '../core/states';
import { useSignal, useSlipway } from '../core/ui';
import { SweepProgress } from './sweep-progress';

/** All sweeps, the newest first. */
export function SweepsPage({ loader }: { loader: Loader<Sweep[]> }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  useSignal(loader.changed);
  const sweeps = loader.value;
  return (
    <>
      <Heading level={1} title={trans.__('Sweeps')} />
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {sweeps?.length === 0 && (
        <Empty title={trans.__('No sweeps yet')}>
          <p>{trans.__('A sweep runs a pipeline again and again with other parameters, and finds those that make a metric best. Open a pipeline and press “New sweep…”.')}</p>
          <Button kind="accept" onClick={() => void commands.execute(CommandIds.openPipelines)}>{trans.__('Open the pipelines')}</Button>
        </Empty>
      )}
      {sweeps && sweeps.length > 0 && <SweepTable sweeps={sweeps} />}
    </>
  );
}

function SweepTable({ sweeps }: { sweeps: Sweep[] }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <div className="jp-SlipwayScroll">
      <table className="jp-SlipwayTable">
        <thead>
          <tr>
            <th scope="col">{trans.__('Name')}</th>
            <th scope="col">{trans.__('State')}</th>
            <th scope="col">{trans.__('Trials')}</th>
            <th scope="col">{trans.__('Best')}</th>
            <th scope="col">{trans.__('Pipeline')}</th>
            <th scope="col">{trans.__('Started')}</th>
          </tr>
        </thead>
        <tbody>
          {sweeps.map(sweep => (
            <tr key={sweep.id}>
              <th scope="row">
                <Button kind="link" onClick={() => void commands.execute(CommandIds.openSweep, { sweepId: sweep.id })}>{sweep.name}</Button>
              </th>
              <td>
                <StateMark state={sweep.state} label={stateWord(trans, sweep.state)} showLabel />
              </td>
              <td>
                <SweepProgress sweep={sweep} />
              </td>
              <td>{sweep.best?.value == null ? '–' : `${sweep.objective.metric} = ${formatNumber(sweep.best.value)}`}</td>
              <td>
                <Button kind="link" onClick={() => void commands.execute(CommandIds.openPipeline, { name: sweep.pipeline })}>{sweep.pipeline}</Button> <span className="jp-SlipwayFaint">v{sweep.version}</span>
              </td>
              <td className="jp-SlipwayFaint">{trans.__('%1 by %2', formatTime(sweep.createdAt), personWord(trans, sweep.createdBy))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
