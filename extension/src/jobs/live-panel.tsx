import type { Job, LiveJob } from '@slipway/schema';
import * as React from 'react';
import { ErrorNote } from '../core/parts';
import { useSlipway } from '../core/ui';
import { CurvePlot, type CurveLook } from '../experiments/curve-plot';
import { useLoader } from '../registry/use-loader';
import { curvesOf, type LiveCurve } from './live-curves';
import { liveLoader } from './loaders';

const LOOK: Pick<CurveLook, 'smoothing' | 'isLog'> = { smoothing: 0, isLog: false };

/** What a running job uses of the machine and measures, as it goes. */
export function LivePanel({ job }: { job: Job }): React.JSX.Element {
  const { trans } = useSlipway();
  const { value, error, refresh } = useLoader(slipway => liveLoader(slipway, job.id), [job.id]);
  return (
    <section className="jp-SlipwayLive" aria-label={trans.__('%1, live', job.label)}>
      <ErrorNote error={error} onRetry={refresh} />
      {value && <Live job={job} live={value} />}
    </section>
  );
}

function Live({ job, live }: { job: Job; live: LiveJob }): React.JSX.Element {
  const { trans } = useSlipway();
  const { curves, single } = React.useMemo(() => curvesOf(trans, job, live), [trans, job.memoryBytes, live]);
  if (curves.length + single.length === 0) {
    return <p className="jp-SlipwayFaint">{live.isHere ? trans.__('The first values come within seconds.') : trans.__('Nothing is known here of how it goes: another daemon runs it.')}</p>;
  }
  return (
    <>
      {single.length > 0 && (
        <p className="jp-SlipwayRun-facts">
          {single.map(({ name, text }) => (
            <span key={name}>
              <code>{name}</code> <strong>{text}</strong>
            </span>
          ))}
        </p>
      )}
      <div className="jp-SlipwayCurves">
        {curves.map(curve => (
          <Plot key={curve.key} curve={curve} />
        ))}
      </div>
    </>
  );
}

function Plot({ curve: { title, x, curve } }: { curve: LiveCurve }): React.JSX.Element {
  const curves = React.useMemo(() => [{ curve, name: curve.key, colour: 0 }], [curve]);
  const look = React.useMemo((): CurveLook => ({ ...LOOK, x }), [x]);
  return <CurvePlot title={title} label={title} curves={curves} look={look} />;
}
