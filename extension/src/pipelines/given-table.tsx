import type { Scalar } from '@slipway/schema';
import * as React from 'react';
import { formatValue } from '../core/format';
import { ParamName } from '../core/parts';
import { useSlipway } from '../core/ui';
import { likeOf, namesOf, withBinding, withFixed, withOwn, withText, type Binding, type Given, type OwnParam } from './given';
import { ScalarInput } from './params-form';

/** A way in which a param is bound, with the one text that says how. */
export interface BindingWay<B extends Binding> {
  key: string;
  words: string;
  isOf: (binding: B) => boolean;
  make: (param: string, detail: string) => B;
  detailOf: (binding: B) => string;
  /** What the text is called, said before it. */
  detail: string;
  first: string;
  /** Texts to choose from. */
  examples: readonly string[];
}

interface Props<B extends Binding> {
  own: readonly OwnParam[];
  given: Given<B>;
  ways: readonly BindingWay<B>[];
  onChange: (given: Given<B>) => void;
}

/** Where each param of the runs takes its value from. */
export function GivenTable<B extends Binding>({ own, given, ways, onChange }: Props<B>): React.JSX.Element {
  const { trans } = useSlipway();
  const names = namesOf(own, given);
  if (names.length === 0) {
    return <p className="jp-SlipwayFaint">{trans.__('This pipeline has no parameters.')}</p>;
  }
  return (
    <div className="jp-SlipwayScroll">
      <table className="jp-SlipwayTable jp-SlipwayGiven" aria-label={trans.__('Parameters of its runs')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Parameter')}</th>
            <th scope="col">{trans.__('Value')}</th>
            <th scope="col" aria-label={trans.__('Which')} />
          </tr>
        </thead>
        <tbody>
          {names.map(name => (
            <GivenRow key={name} name={name} own={own} given={given} ways={ways} onChange={onChange} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function GivenRow<B extends Binding>({ name, own, given, ways, onChange }: Props<B> & { name: string }): React.JSX.Element {
  const { trans } = useSlipway();
  const param = own.find(each => each.name === name);
  const binding = given.bindings.find(each => each.param === name);
  const way = binding && ways.find(each => each.isOf(binding));
  const choose = (key: string): void => {
    const chosen = ways.find(each => each.key === key);
    onChange(key === 'own' ? withOwn(given, name) : chosen ? withBinding(given, chosen.make(name, chosen === way ? chosen.detailOf(binding!) : chosen.first)) : withFixed(given, name, param?.value ?? ''));
  };
  return (
    <tr>
      <th scope="row"><ParamName name={name} /></th>
      <td>
        <select aria-label={trans.__('Where %1 comes from', name)} value={way?.key ?? (name in given.params ? 'fixed' : 'own')} onChange={event => choose(event.target.value)}>
          <option value="own">{param ? trans.__('stays %1', formatValue(param.value)) : trans.__('not given')}</option>
          {(param || name in given.params) && <option value="fixed">{trans.__('is always')}</option>}
          {ways.map(({ key, words }) => (
            <option key={key} value={key}>{words}</option>
          ))}
        </select>
      </td>
      <td>
        {binding && way && <Detail name={name} way={way} text={way.detailOf(binding)} onChange={text => onChange(withBinding(given, way.make(name, text)))} />}
        {!binding && name in given.params && <Fixed name={name} own={own} given={given} onChange={onChange} />}
        {!param && (binding || name in given.params) && <span role="alert" className="jp-SlipwayField-error">{trans.__('The pipeline has no such parameter.')}</span>}
      </td>
    </tr>
  );
}

function Fixed<B extends Binding>({ name, own, given, onChange }: Omit<Props<B>, 'ways'> & { name: string }): React.JSX.Element {
  const { trans } = useSlipway();
  const value: Scalar = given.params[name]!;
  return <ScalarInput label={trans.__('Value of %1', name)} like={likeOf(own, name, value)} text={given.texts[name] ?? String(value ?? '')} onChange={text => onChange(withText(given, name, text))} />;
}

function Detail<B extends Binding>({ name, way, text, onChange }: { name: string; way: BindingWay<B>; text: string; onChange: (text: string) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const listId = React.useId();
  return (
    <label className="jp-SlipwayGiven-detail">
      {way.detail} <input type="text" list={listId} spellCheck={false} aria-label={trans.__('%1 of %2', way.detail, name)} value={text} onChange={event => onChange(event.target.value)} />
      <datalist id={listId}>
        {way.examples.map(example => (
          <option key={example} value={example} />
        ))}
      </datalist>
    </label>
  );
}
