import type { ModelVersion } from '@slipway/schema';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { isSmallerBetter } from '../core/metric-direction';
import { Button } from '../core/parts';
import { useSlipway } from '../core/ui';
import type { DraftProblem, GatesDraft, NotWorseDraft } from './gates-draft';

interface Props {
  draft: GatesDraft;
  problems: ReadonlyMap<string, DraftProblem>;
  versions: ModelVersion[];
  onChange: (draft: GatesDraft) => void;
}
const Problems = React.createContext<ReadonlyMap<string, DraftProblem>>(new Map());

/** The fields of a model's gates, kind by kind. */
export function GatesFields({ draft, problems, versions, onChange }: Props): React.JSX.Element {
  const listId = React.useId();
  const metrics = [...new Set(versions.flatMap(version => Object.keys(version.metrics)))].sort();
  const set = (change: Partial<GatesDraft>): void => onChange({ ...draft, ...change });
  return (
    <Problems.Provider value={problems}>
      <datalist id={listId}>
        {metrics.map(metric => (
          <option key={metric} value={metric} />
        ))}
      </datalist>
      <Thresholds rows={draft.thresholds} metrics={metrics} listId={listId} onChange={thresholds => set({ thresholds })} />
      <NotWorse rows={draft.notWorse} metrics={metrics} listId={listId} onChange={notWorse => set({ notWorse })} />
      <Tags rows={draft.tags} onChange={tags => set({ tags })} />
      <Tests rows={draft.tests} onChange={tests => set({ tests })} />
      <Limits draft={draft} set={set} />
      <Policies draft={draft} set={set} />
    </Problems.Provider>
  );
}

interface ListProps<T> {
  title: string;
  hint: string;
  add: string;
  rows: T[];
  fresh: () => T;
  remove: (row: T, at: number) => string;
  draw: (row: T, at: number, set: (row: T) => void) => React.ReactNode;
  onChange: (rows: T[]) => void;
}

/** Rows that can be added, changed and taken away. */
function RowList<T>({ title, hint, add, rows, fresh, remove, draw, onChange }: ListProps<T>): React.JSX.Element {
  const set = (at: number) => (changed: T): void => onChange(rows.map((row, index) => (index === at ? changed : row)));
  return (
    <fieldset className="jp-SlipwayGates-kind">
      <legend>{title}</legend>
      <p className="jp-SlipwayFaint">{hint}</p>
      {rows.map((row, at) => (
        <div key={at} className="jp-SlipwayGates-row">
          {draw(row, at, set(at))}
          <button type="button" className="jp-SlipwayTag-remove jp-SlipwayGates-remove" aria-label={remove(row, at)} onClick={() => onChange(rows.filter((_, index) => index !== at))}>×</button>
        </div>
      ))}
      <Button onClick={() => onChange([...rows, fresh()])}>{add}</Button>
    </fieldset>
  );
}

interface FieldProps {
  label: string;
  path: string;
  value: string;
  onChange: (text: string) => void;
  listId?: string;
  size?: number;
  placeholder?: string;
}

/** A field with its label, and beneath it what is wrong with what it holds. */
function Field({ label, path, value, onChange, listId, size = 12, placeholder }: FieldProps): React.JSX.Element {
  const { trans } = useSlipway();
  const problem = React.useContext(Problems).get(path);
  const id = React.useId();
  return (
    <label className="jp-SlipwayField">
      <span>{label}</span>
      <input type="text" size={size} value={value} list={listId} placeholder={placeholder} aria-invalid={problem !== undefined} aria-describedby={problem && id} onChange={event => onChange(event.target.value)} />
      {problem && <span id={id} className="jp-SlipwayField-error">{problemWord(trans, problem)}</span>}
    </label>
  );
}

function Choice<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: [NoInfer<T>, string][]; onChange: (value: T) => void }): React.JSX.Element {
  return (
    <label className="jp-SlipwayField">
      <span>{label}</span>
      <select value={value} onChange={event => onChange(event.target.value as T)}>
        {options.map(([id, word]) => (
          <option key={id} value={id}>{word}</option>
        ))}
      </select>
    </label>
  );
}

function Thresholds({ rows, metrics, listId, onChange }: { rows: GatesDraft['thresholds']; metrics: string[]; listId: string; onChange: (rows: GatesDraft['thresholds']) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const fresh = (): GatesDraft['thresholds'][number] => {
    const metric = metrics[rows.length] ?? '';
    return { metric, comparator: isSmallerBetter(metric) ? '<=' : '>=', value: '' };
  };
  return (
    <RowList
      title={trans.__('Thresholds')}
      hint={trans.__('A metric of the version’s run, its last value.')}
      add={trans.__('Add a threshold')}
      rows={rows}
      fresh={fresh}
      remove={row => trans.__('Remove the threshold of %1', row.metric)}
      onChange={onChange}
      draw={(row, at, set) => (
        <>
          <Field label={trans.__('Metric')} path={`thresholds.${at}.metric`} value={row.metric} size={22} listId={listId} onChange={metric => set({ ...row, metric })} />
          <Choice label={trans.__('Must be')} value={row.comparator} options={[['>=', trans.__('at least')], ['>', trans.__('more than')], ['<=', trans.__('at most')], ['<', trans.__('less than')]]} onChange={comparator => set({ ...row, comparator })} />
          <Field label={trans.__('Value')} path={`thresholds.${at}.value`} value={row.value} size={10} onChange={value => set({ ...row, value })} />
        </>
      )}
    />
  );
}

function NotWorse({ rows, metrics, listId, onChange }: { rows: NotWorseDraft[]; metrics: string[]; listId: string; onChange: (rows: NotWorseDraft[]) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const fresh = (): NotWorseDraft => {
    const metric = metrics[rows.length] ?? '';
    return { metric, direction: isSmallerBetter(metric) ? 'lower' : 'higher', tolerance: '', slices: 'none', columns: '', minRows: '' };
  };
  return (
    <RowList
      title={trans.__('Not worse than @champion')}
      hint={trans.__('Compared with the version that is champion now; passes while there is none.')}
      add={trans.__('Add a comparison')}
      rows={rows}
      fresh={fresh}
      remove={row => trans.__('Remove the comparison of %1', row.metric)}
      onChange={onChange}
      draw={(row, at, set) => (
        <>
          <Field label={trans.__('Metric')} path={`notWorse.${at}.metric`} value={row.metric} size={22} listId={listId} onChange={metric => set({ ...row, metric })} />
          <Choice label={trans.__('Better is')} value={row.direction} options={[['higher', trans.__('higher')], ['lower', trans.__('lower')]]} onChange={direction => set({ ...row, direction })} />
          <Field label={trans.__('May be worse by')} path={`notWorse.${at}.tolerance`} value={row.tolerance} size={8} placeholder="0" onChange={tolerance => set({ ...row, tolerance })} />
          <Choice label={trans.__('Slices')} value={row.slices} options={[['none', trans.__('not judged')], ['all', trans.__('each of them too')], ['some', trans.__('those of columns')]]} onChange={slices => set({ ...row, slices })} />
          {row.slices === 'some' && <Field label={trans.__('Columns')} path={`notWorse.${at}.columns`} value={row.columns} placeholder={trans.__('country, age group')} onChange={columns => set({ ...row, columns })} />}
          {row.slices !== 'none' && <Field label={trans.__('Of rows at least')} path={`notWorse.${at}.minRows`} value={row.minRows} size={8} placeholder={trans.__('any')} onChange={minRows => set({ ...row, minRows })} />}
        </>
      )}
    />
  );
}

function Tags({ rows, onChange }: { rows: GatesDraft['tags']; onChange: (rows: GatesDraft['tags']) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <RowList
      title={trans.__('Required tags')}
      hint={trans.__('Tags of the version itself, e.g. who checked it.')}
      add={trans.__('Add a tag')}
      rows={rows}
      fresh={() => ({ key: '', value: '' })}
      remove={row => trans.__('Remove the tag %1', row.key)}
      onChange={onChange}
      draw={(row, at, set) => (
        <>
          <Field label={trans.__('Tag')} path={`tags.${at}.key`} value={row.key} size={22} onChange={key => set({ ...row, key })} />
          <Field label={trans.__('Value')} path={`tags.${at}.value`} value={row.value} placeholder={trans.__('any')} onChange={value => set({ ...row, value })} />
        </>
      )}
    />
  );
}

function Tests({ rows, onChange }: { rows: string[]; onChange: (rows: string[]) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <RowList
      title={trans.__('Required tests')}
      hint={trans.__('The tag test.NAME of the version or of its run must say “passed”: your CI sets it.')}
      add={trans.__('Add a test')}
      rows={rows}
      fresh={() => ''}
      remove={row => trans.__('Remove the test %1', row)}
      onChange={onChange}
      draw={(row, at, set) => <Field label={trans.__('Test')} path={`tests.${at}`} value={row} size={22} placeholder="fairness" onChange={set} />}
    />
  );
}

interface PartProps {
  draft: GatesDraft;
  set: (change: Partial<GatesDraft>) => void;
}

function Limits({ draft, set }: PartProps): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <fieldset className="jp-SlipwayGates-kind">
      <legend>{trans.__('Size and latency')}</legend>
      <p className="jp-SlipwayFaint">{trans.__('Latency is measured here, one prediction after the other on the version’s own example. Nothing is asked where a field is empty.')}</p>
      <div className="jp-SlipwayGates-row">
        <Field label={trans.__('Files, at most MB')} path="maxSizeMb" value={draft.maxSizeMb} placeholder={trans.__('any')} onChange={maxSizeMb => set({ maxSizeMb })} />
        <Field label={trans.__('95 of 100 answers within ms')} path="latencyMs" value={draft.latencyMs} placeholder={trans.__('any')} onChange={latencyMs => set({ latencyMs })} />
        {draft.latencyMs.trim() !== '' && <Field label={trans.__('Requests')} path="latencyRequests" value={draft.latencyRequests} placeholder="50" onChange={latencyRequests => set({ latencyRequests })} />}
      </div>
    </fieldset>
  );
}

function Policies({ draft, set }: PartProps): React.JSX.Element {
  const { trans } = useSlipway();
  const check = (key: 'requireSignature' | 'requireApproval' | 'selfApproval', words: string): React.JSX.Element => (
    <label className="jp-SlipwayCheck">
      <input type="checkbox" checked={draft[key]} onChange={event => set({ [key]: event.target.checked })} />
      {words}
    </label>
  );
  return (
    <fieldset className="jp-SlipwayGates-kind">
      <legend>{trans.__('Approval')}</legend>
      {check('requireApproval', trans.__('@champion moves by an approved promotion only'))}
      {check('selfApproval', trans.__('Who asks for a promotion may approve it too'))}
      {check('requireSignature', trans.__('A version without a signature is not registered'))}
    </fieldset>
  );
}

function problemWord(trans: TranslationBundle, problem: DraftProblem): string {
  const words: Record<DraftProblem, string> = {
    needed: trans.__('Write something here.'),
    number: trans.__('This is not a number.'),
    negative: trans.__('This is too small.'),
    whole: trans.__('Give a whole number.'),
    test_name: trans.__('Letters, digits, spaces and _ - . / only.'),
    requests: trans.__('Between 10 and 1000.')
  };
  return words[problem];
}
