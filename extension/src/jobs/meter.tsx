import * as React from 'react';

interface MeterProps {
  label: string;
  /** What is said of it: `3 of 8`. */
  text: string;
  used: number;
  total: number;
  /** A mark on the bar, as what is guaranteed. */
  mark?: number;
}

/** How full something is, as a bar and in words. */
export function Meter({ label, text, used, total, mark }: MeterProps): React.JSX.Element {
  const part = (n: number): string => `${total > 0 ? Math.min(100, (100 * n) / total) : 0}%`;
  return (
    <div className="jp-SlipwayMeter">
      <span className="jp-SlipwayMeter-label">{label}</span>
      <span className="jp-SlipwayMeter-bar" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={total} aria-valuenow={used} aria-valuetext={text}>
        <span className="jp-SlipwayMeter-used" style={{ width: part(used) }} />
        {mark !== undefined && <span className="jp-SlipwayMeter-mark" style={{ left: part(mark) }} />}
      </span>
      <span className="jp-SlipwayMeter-text">{text}</span>
    </div>
  );
}
