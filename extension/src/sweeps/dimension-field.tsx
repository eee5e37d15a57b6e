import type { Scalar } from '@slipway/schema';
import * as React from 'react';
import { formatValue } from '../core/format';
import { ParamName } from '../core/parts';
import { useSlipway } from '../core/ui';
import { ScalarInput } from '../pipelines/params-form';
import { dimensionOf, type DimensionFields } from './dimension-fields';

/** One row of the form: whether a param is searched over, and among which values. */
export function DimensionField({ name, value, fields, onChange }: { name: string; value: Scalar; fields: DimensionFields; onChange: (fields: DimensionFields) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const set = (change: Partial<DimensionFields>): void => onChange({ ...fields, ...change });
  const isNumber = typeof value === 'number' || value === null;
  const isSearched = fields.kind !== 'fixed' && fields.kind !== 'always';
  const isWrong = isSearched && dimensionOf(fields, value) === null;
  const text = (key: 'low' | 'high' | 'step' | 'choices', label: string, size: number): React.JSX.Element => (
    <label>
      {label} <input type="text" size={size} value={fields[key]} aria-invalid={isWrong} onChange={event => set({ [key]: event.target.value })} />
    </label>
  );
  return (
    <tr>
      <th scope="row"><ParamName name={name} /></th>
      <td>
        <select aria-label={trans.__('How %1 is searched', name)} value={fields.kind} onChange={event => set({ kind: event.target.value as DimensionFields['kind'] })}>
          <option value="fixed">{trans.__('stays %1', formatValue(value))}</option>
          <option value="always">{trans.__('is always')}</option>
          {isNumber && <option value="float">{trans.__('a number between')}</option>}
          {isNumber && <option value="int">{trans.__('a whole number between')}</option>}
          <option value="choice">{trans.__('one of')}</option>
        </select>
      </td>
      <td className="jp-SlipwaySweep-dimension">
        {fields.kind === 'always' && <ScalarInput label={trans.__('Value of %1', name)} like={value} text={fields.value} onChange={text => set({ value: text })} />}
        {(fields.kind === 'float' || fields.kind === 'int') && (
          <>
            {text('low', trans.__('from'), 8)} {text('high', trans.__('to'), 8)}{' '}
            <label className="jp-SlipwayCheck">
              <input type="checkbox" checked={fields.isLog} onChange={event => set({ isLog: event.target.checked })} /> {trans.__('log scale')}
            </label>{' '}
            {!fields.isLog && text('step', trans.__('in steps of'), 6)}
          </>
        )}
        {fields.kind === 'choice' && text('choices', trans.__('values, with commas between'), 30)}
        {isWrong && <span role="alert" className="jp-SlipwaySweep-wrong">{fields.kind === 'choice' ? trans.__('values of the same kind as %1', formatValue(value)) : trans.__('numbers, the first not above the second')}</span>}
      </td>
    </tr>
  );
}
