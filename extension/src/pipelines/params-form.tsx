import type { PipelineVersion, Scalar } from '@slipway/schema';
import * as React from 'react';
import { useSlipway } from '../core/ui';

export type Param = Pick<PipelineVersion['params'][number], 'name' | 'value'>;

/** A text as a scalar of the type that the param has; null where it is none. */
export function readScalar(text: string, like: Scalar): { value: Scalar } | null {
  if (typeof like === 'number') {
    const value = Number(text);
    return text.trim() === '' || Number.isNaN(value) ? null : { value };
  }
  if (typeof like === 'boolean') {
    return { value: text === 'true' };
  }
  return like === null && text === '' ? { value: null } : { value: text };
}

/** The values that differ from the pipeline's own; null where one cannot be read. */
export function readParams(params: readonly Param[], texts: Record<string, string>): Record<string, Scalar> | null {
  const values: Record<string, Scalar> = {};
  for (const param of params) {
    const text = texts[param.name];
    const read = text === undefined ? { value: param.value } : readScalar(text, param.value);
    if (!read) {
      return null;
    }
    if (read.value !== param.value) {
      values[param.name] = read.value;
    }
  }
  return values;
}

interface FormProps {
  params: readonly Param[];
  texts: Record<string, string>;
  /** What is said where there is none. */
  emptyWords?: string;
  onChange: (texts: Record<string, string>) => void;
}

/** One field a parameter, prefilled with the value it has. */
export function ParamsForm({ params, texts, emptyWords, onChange }: FormProps): React.JSX.Element {
  const { trans } = useSlipway();
  if (params.length === 0) {
    return <p className="jp-SlipwayFaint">{emptyWords ?? trans.__('This pipeline has no parameters.')}</p>;
  }
  return (
    <div className="jp-SlipwayParams">
      {params.map(param => {
        const text = texts[param.name] ?? String(param.value ?? '');
        const set = (value: string): void => onChange({ ...texts, [param.name]: value });
        return (
          <label key={param.name} className="jp-SlipwayField">
            <span title={param.name}>{param.name}</span>
            <ScalarInput like={param.value} text={text} onChange={set} />
          </label>
        );
      })}
    </div>
  );
}

/** A field for a value of the type that another one has. */
export function ScalarInput({ label, like, text, onChange }: { label?: string; like: Scalar; text: string; onChange: (text: string) => void }): React.JSX.Element {
  return typeof like === 'boolean' ? (
    <select aria-label={label} value={text} onChange={event => onChange(event.target.value)}>
      <option value="true">True</option>
      <option value="false">False</option>
    </select>
  ) : (
    <input type="text" aria-label={label} value={text} aria-invalid={readScalar(text, like) === null} onChange={event => onChange(event.target.value)} />
  );
}
