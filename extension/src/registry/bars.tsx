import * as React from 'react';
import { changeText } from './metric-text';

/** A value as a bar on the scale of its column, with a tick where the value of all data stands. */
export function ValueBar({ value, most, mark }: { value: number | null; most: number; mark?: number | null }): React.JSX.Element {
  const share = (of: number): string => `${most > 0 ? Math.min(100, (Math.abs(of) / most) * 100) : 0}%`;
  return (
    <span className="jp-SlipwayBar" aria-hidden="true">
      {value !== null && <span className="jp-SlipwayBar-fill" style={{ width: share(value) }} />}
      {mark !== null && mark !== undefined && <span className="jp-SlipwayBar-mark" style={{ left: share(mark) }} />}
    </span>
  );
}

/** A change, with a bar that grows left or right from the middle as far as its share is of the largest. */
export function ChangeBar({ change, share, most, isBetter }: { change: number | null; share: number | null; most: number; isBetter: boolean | null }): React.JSX.Element {
  const width = share === null || most === 0 ? 0 : Math.min(50, (Math.abs(share) / most) * 50);
  const style: React.CSSProperties = { width: `${width}%`, ...(share !== null && share < 0 ? { right: '50%' } : { left: '50%' }) };
  return (
    <span className="jp-SlipwayChange" data-better={isBetter ?? undefined}>
      <span className="jp-SlipwayChange-text">{changeText(change)}</span>
      <span className="jp-SlipwayChange-bar" aria-hidden="true">
        <span style={style} />
      </span>
    </span>
  );
}
