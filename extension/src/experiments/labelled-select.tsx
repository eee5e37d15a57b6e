import * as React from 'react';

/** One of several things by their names, with the words before it that say what is chosen. */
export function LabelledSelect({ label, options, value, onChange }: { label: string; options: readonly { id: string; label: string }[]; value: string; onChange: (id: string) => void }): React.JSX.Element {
  return (
    <label className="jp-SlipwayCheck">
      {label}
      <select value={value} onChange={event => onChange(event.target.value)}>
        {options.map(option => (
          <option key={option.id} value={option.id}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
