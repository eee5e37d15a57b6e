import { TrainingRule } from '@slipway/schema';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Button } from '../core/parts';
import { useSlipway } from '../core/ui';
import { Choice } from './choice';
import { OptionField } from './option-field';

type Kind = TrainingRule['kind'];
type Values = Record<string, string | number>;

const MINUTE = 60_000;
const UNITS: Record<string, number> = { forMs: MINUTE, afterMs: MINUTE };

/** The rules of a training one by one: what is watched, with its bounds, and what to do. */
export function RuleFields({ rules, onChange }: { rules: readonly TrainingRule[]; onChange: (rules: TrainingRule[]) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const put = (at: number, rule: TrainingRule): void => onChange(rules.map((before, i) => (i === at ? rule : before)));
  return (
    <fieldset className="jp-SlipwayRules">
      <legend>{trans.__('Rules')}</legend>
      {rules.map((rule, at) => (
        <RuleLine key={`${at} ${rule.kind}`} {...{ rule, at }} onChange={changed => put(at, changed)} onRemove={() => onChange(rules.filter((_, i) => i !== at))} />
      ))}
      <Button onClick={() => onChange([...rules, TrainingRule.parse({ kind: 'not_finite' })])} disabled={rules.length >= 32}>{trans.__('Add a rule')}</Button>
    </fieldset>
  );
}

function RuleLine({ rule, at, onChange, onRemove }: { rule: TrainingRule; at: number; onChange: (rule: TrainingRule) => void; onRemove: () => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const { kind, action, ...bounds } = rule;
  const set = (key: string, value: string | number): void => onChange({ ...rule, [key]: value } as TrainingRule);
  const words = wordsOf(trans);
  return (
    <div className="jp-SlipwaySchedule-fields" role="group" aria-label={trans.__('Rule %1', at + 1)}>
      <Choice label={trans.__('When')} value={kind} options={kindsOf(trans)} onChange={next => onChange(TrainingRule.parse({ kind: next, action }))} />
      {Object.entries(bounds as Values).map(([key, value]) =>
        key === 'goal' ? (
          <Choice key={key} label={words.goal!} value={String(value)} options={[['decrease', trans.__('down')], ['increase', trans.__('up')]]} onChange={goal => set('goal', goal)} />
        ) : (
          <BoundField key={key} path={`rules.${at}.${key}`} label={words[key] ?? key} value={value} unit={UNITS[key] ?? 1} onChange={next => set(key, next)} />
        )
      )}
      <Choice label={trans.__('Then')} value={action} options={[['alert', trans.__('say so')], ['stop', trans.__('say so, and stop the step')]]} onChange={next => set('action', next)} />
      <Button kind="link" aria-label={trans.__('Remove rule %1', at + 1)} onClick={onRemove}>{trans.__('Remove')}</Button>
    </div>
  );
}

/** A bound as typed: half a number is not yet one. */
function BoundField({ path, label, value, unit, onChange }: { path: string; label: string; value: string | number; unit: number; onChange: (value: string | number) => void }): React.JSX.Element {
  const written = typeof value === 'number' ? String(value / unit) : value;
  const [text, setText] = React.useState(written);
  const change = (next: string): void => {
    setText(next);
    onChange(typeof value === 'number' ? (next.trim() === '' ? NaN : Number(next) * unit) : next);
  };
  return <OptionField path={path} label={label} value={text} isNumber={typeof value === 'number'} onChange={change} />;
}

const kindsOf = (trans: TranslationBundle): [Kind, string][] => [
  ['not_finite', trans.__('a metric is not a number')],
  ['not_decreasing', trans.__('a metric gets no better')],
  ['overfitting', trans.__('it overfits')],
  ['vanishing', trans.__('gradients vanish')],
  ['exploding', trans.__('a metric explodes')],
  ['gpu_idle', trans.__('its GPUs are idle')],
  ['memory_growing', trans.__('its memory grows')]
];

const wordsOf = (trans: TranslationBundle): Record<string, string> => ({
  metric: trans.__('Metric'),
  points: trans.__('Values looked at'),
  percent: trans.__('Percent'),
  goal: trans.__('Better is'),
  training: trans.__('Training loss'),
  validation: trans.__('Validation loss'),
  below: trans.__('Below'),
  factor: trans.__('Times the usual'),
  forMs: trans.__('For (minutes)'),
  afterMs: trans.__('Not in the first (minutes)')
});
