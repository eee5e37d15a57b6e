import * as React from 'react';

interface Props {
  label: string;
  options: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** What may be ticked: the options, then what is chosen beside them, which a file or the API may have said. */
export function optionsWith(options: readonly string[], chosen: readonly string[]): string[] {
  return [...new Set([...options, ...chosen])];
}

/** What is chosen once an option is ticked or no longer so; all else stays, in the options' order. */
export function withOption(options: readonly string[], chosen: readonly string[], option: string, isTicked: boolean): string[] {
  return optionsWith(options, chosen).filter(each => (each === option ? isTicked : chosen.includes(each)));
}

/** Some of a few, in their order. */
export function CheckList({ label, options, chosen, onChange }: Props): React.JSX.Element {
  return (
    <fieldset className="jp-SlipwayCheckList">
      <legend>{label}</legend>
      {optionsWith(options, chosen).map(option => (
        <label key={option} className="jp-SlipwayCheck">
          <input type="checkbox" checked={chosen.includes(option)} onChange={event => onChange(withOption(options, chosen, option, event.target.checked))} />
          {option}
        </label>
      ))}
    </fieldset>
  );
}
