import * as React from 'react';
import { SlipwayError } from '../core/slipway-error';
import { useSlipway } from '../core/ui';
import type { Fault } from './step-fields';

const Faults = React.createContext<readonly Fault[]>([]);

/** The fields in it say which of the faults are theirs. */
export const FaultyFields = Faults.Provider;

/** What the daemon refused of a step's options, by its path in them; requests carry them in several places. */
export function refusedOf(error: Error | null, step: string): Fault[] {
  const places = [`options.steps.${step}.`, `steps.${step}.`, 'step.'];
  return (error instanceof SlipwayError ? error.errors : []).flatMap(({ path, message }) => {
    const place = places.find(start => path.startsWith(start));
    return place === undefined ? [] : [{ path: path.slice(place.length), message }];
  });
}

/** What is wrong at `path`, or below it; empty: anywhere. */
export function useFaults(path: string): readonly Fault[] {
  return React.useContext(Faults).filter(fault => path === '' || fault.path === path || fault.path.startsWith(`${path}.`));
}

/** What is wrong, right where it is. */
export function FaultNote({ faults, id }: { faults: readonly Fault[]; id?: string }): React.JSX.Element | null {
  const { trans } = useSlipway();
  return faults.length === 0 ? null : <span id={id} className="jp-SlipwayField-error" role="status">{faults.map(fault => fault.message ?? trans.__('This cannot be read.')).join(' ')}</span>;
}

interface Props {
  /** In a step's options. */
  path: string;
  label: string;
  value: string;
  hint?: string;
  isNumber?: boolean;
  isLong?: boolean;
  suggestions?: readonly string[];
  onChange: (value: string) => void;
}

/** A text of a step's options, with what is wrong with it. */
export function OptionField({ path, label, value, hint = '', isNumber = false, isLong = false, suggestions, onChange }: Props): React.JSX.Element {
  const faults = useFaults(path);
  const id = React.useId();
  const shared = { spellCheck: false, placeholder: hint, value, 'aria-invalid': faults.length > 0, 'aria-describedby': faults.length > 0 ? id : undefined };
  return (
    <label className="jp-SlipwayField">
      <span>{label}</span>
      {isLong ? <textarea rows={3} {...shared} onChange={event => onChange(event.target.value)} /> : <input type="text" inputMode={isNumber ? 'decimal' : 'text'} list={suggestions && `${id}-known`} {...shared} onChange={event => onChange(event.target.value)} />}
      {suggestions && <datalist id={`${id}-known`}>{suggestions.map(known => <option key={known} value={known} />)}</datalist>}
      <FaultNote faults={faults} id={id} />
    </label>
  );
}
