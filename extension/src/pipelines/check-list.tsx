import * as React from 'react';

interface Props {
  label: string;
  options: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Some of a few, in their order. */
export function CheckList({ label, options, chosen, onChange }: Props): React.JSX.Element {
  return (
    <fieldset className="jp-SlipwayCheckList">
      <legend>{label}</legend>
      {options.map(option => (
        <label key={option} className="jp-SlipwayCheck">
          <input type="checkbox" checked={chosen.includes(option)} onChange={event => onChange(options.filter(each => (each === option ? event.target.checked : chosen.includes(each))))} />
          {option}
        </label>
      ))}
    </fieldset>
  );
}
