import * as React from 'react';

/** A choice among a few, with its label. */
export function Choice<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void }): React.JSX.Element {
  return (
    <label className="jp-SlipwayField">
      <span>{label}</span>
      <select value={value} onChange={event => onChange(event.target.value as T)}>
        {options.map(([key, words]) => (
          <option key={key} value={key}>{words}</option>
        ))}
      </select>
    </label>
  );
}
