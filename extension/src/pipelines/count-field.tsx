import * as React from 'react';

interface Props {
  label: string;
  value: number;
  min?: number;
  max: number;
  onChange: (value: number) => void;
}

/** A whole number within bounds; the browser says so where it is none. */
export function CountField({ label, value, min = 1, max, onChange }: Props): React.JSX.Element {
  // What is being typed may be empty for a moment.
  return (
    <label className="jp-SlipwayField">
      <span>{label}</span>
      <input type="number" required min={min} max={max} step={1} value={Number.isNaN(value) ? '' : value} onChange={event => onChange(event.target.valueAsNumber)} />
    </label>
  );
}
