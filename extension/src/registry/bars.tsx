import * as React from 'react';
import { changeText } from './metric-text';

/** A change, with a bar that grows left or right from the middle as far as it is of the largest. */
export function ChangeBar({ change, most, isBetter }: { change: number | null; most: number; isBetter: boolean | null }): React.JSX.Element {
  const width = change === null || most === 0 ? 0 : Math.min(50, (Math.abs(change) / most) * 50);
  const style: React.CSSProperties = { width: `${width}%`, ...(change !== null && change < 0 ? { right: '50%' } : { left: '50%' }) };
  return (
    <span className="jp-SlipwayChange" data-better={isBetter ?? undefined}>
      <span className="jp-SlipwayChange-text">{changeText(change)}</span>
      <span className="jp-SlipwayChange-bar" aria-hidden="true">
        <span style={style} />
      </span>
    </span>
  );
}
