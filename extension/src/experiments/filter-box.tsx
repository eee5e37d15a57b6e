import * as React from 'react';
import { Button } from '../core/parts';
import { SlipwayError } from '../core/slipway-error';
import { useSignal, useSlipway } from '../core/ui';
import type { ExperimentsModel } from './experiments-model';

const PAUSE_MS = 350;

/** Plain words or MLflow's grammar; what is wrong with it stands right beneath. */
export function FilterBox({ model }: { model: ExperimentsModel }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(model.rows.changed);
  const [text, setText] = React.useState(model.filter);
  const timer = React.useRef<ReturnType<typeof setTimeout>>();
  const id = React.useId();
  React.useEffect(() => setText(model.filter), [model.filter, model.experimentId]);
  React.useEffect(() => () => clearTimeout(timer.current), []);
  const apply = (filter: string): void => {
    clearTimeout(timer.current);
    if (filter !== model.filter) {
      model.set({ filter });
    }
  };
  const onChange = (filter: string): void => {
    setText(filter);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => apply(filter), PAUSE_MS);
  };
  const fault = filterFault(model.rows.error);
  return (
    <div className="jp-SlipwayFilter">
      <input
        type="text"
        role="searchbox"
        value={text}
        spellCheck={false}
        placeholder={trans.__('Filter: words, or metrics.accuracy > 0.9 AND params.depth = \'4\'')}
        aria-label={trans.__('Filter runs')}
        aria-invalid={fault !== null}
        aria-describedby={fault === null ? undefined : id}
        title={trans.__('Plain words are looked for in names, values of params, and tags. MLflow’s grammar compares: metrics.loss < 0.1, params.kind LIKE \'tree%%\', tags.owner IS NOT NULL, attributes.status = \'FAILED\', min.loss < 0.1 (max, mean: of all points), joined by AND.')}
        onChange={event => onChange(event.target.value)}
        onKeyDown={event => event.key === 'Enter' && apply(text)}
      />
      {text !== '' && (
        <Button kind="link" onClick={() => (setText(''), apply(''))}>
          {trans.__('Clear')}
        </Button>
      )}
      {fault !== null && (
        <p id={id} className="jp-SlipwayField-error" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

/** What is wrong with the filter; null where something else is, or nothing. */
export function filterFault(error: Error | null): string | null {
  return error instanceof SlipwayError && error.code === 'invalid_filter' ? error.message : null;
}
