import { endpoints, type Cluster } from '@slipway/schema';
import * as React from 'react';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { UndoNote, type Undoable } from '../core/undo';
import { Meter } from './meter';

type LicenceCount = Cluster['licences'][number];

/** Licences as named counters: how many are held over the cluster. */
export function Licences({ licences, mayManage }: { licences: LicenceCount[]; mayManage: boolean }): React.JSX.Element | null {
  const { trans, client } = useSlipway();
  const [editing, setEditing] = React.useState<LicenceCount | 'new' | null>(null);
  const [removed, setRemoved] = React.useState<Undoable | null>(null);
  const onRemoved = ({ name, total }: LicenceCount): void => {
    setRemoved({ words: trans.__('The licence %1 was removed.', name), undo: () => client.call(endpoints.scheduler.setLicence, { params: { name }, body: { total } }) });
  };
  if (!mayManage && licences.length === 0) {
    return null;
  }
  return (
    <>
      <Heading title={trans.__('Licences')}>{mayManage && editing === null && <Button onClick={() => setEditing('new')}>{trans.__('Add a licence …')}</Button>}</Heading>
      <div className="jp-SlipwayStarters">
        <UndoNote done={removed} onGone={() => setRemoved(null)} />
        {editing !== null && <LicenceForm key={editing === 'new' ? '' : editing.name} licence={editing === 'new' ? null : editing} taken={licences} onDone={() => setEditing(null)} />}
        {licences.length === 0 && editing === null && <Empty title={trans.__('No licences are counted')}>{trans.__('Steps that name a licence run at most so many at once, over the whole cluster.')}</Empty>}
        <ul className="jp-SlipwayStarters-list" aria-label={trans.__('Licences')}>
          {licences.map(licence => (
            <LicenceLine key={licence.name} licence={licence} mayManage={mayManage} onEdit={() => setEditing(licence)} onRemoved={() => onRemoved(licence)} />
          ))}
        </ul>
      </div>
    </>
  );
}

function LicenceLine({ licence: { name, used, total }, mayManage, onEdit, onRemoved }: { licence: LicenceCount; mayManage: boolean; onEdit: () => void; onRemoved: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const remove = useAction(async () => {
    await client.call(endpoints.scheduler.removeLicence, { params: { name } });
    onRemoved();
  });
  return (
    <li>
      <div className="jp-SlipwayLicence"><Meter label={name} used={used} total={total} text={trans.__('%1 of %2', used, total)} /></div>
      {mayManage && (
        <div className="jp-SlipwayStarters-actions">
          <Button kind="link" onClick={onEdit} aria-label={trans.__('Change the licence %1', name)}>{trans.__('Change')}</Button>
          <Button kind="link" disabled={remove.isBusy} onClick={() => remove.run()} aria-label={trans.__('Remove the licence %1', name)}>{trans.__('Remove')}</Button>
        </div>
      )}
      <ErrorNote error={remove.error} />
    </li>
  );
}

function LicenceForm({ licence, taken, onDone }: { licence: LicenceCount | null; taken: LicenceCount[]; onDone: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [name, setName] = React.useState(licence?.name ?? '');
  const [total, setTotal] = React.useState(String(licence?.total ?? 1));
  const save = useAction(async () => {
    await client.call(endpoints.scheduler.setLicence, { params: { name: name.trim() }, body: { total: Number(total) } });
    onDone();
  });
  const isTaken = licence === null && taken.some(l => l.name === name.trim());
  const isReady = name.trim() !== '' && !isTaken && /^\d+$/.test(total.trim());
  return (
    <form
      className="jp-SlipwayStarters-form"
      aria-label={licence === null ? trans.__('New licence') : trans.__('Licence %1', licence.name)}
      onChange={save.clear}
      onKeyDown={event => event.key === 'Escape' && onDone()}
      onSubmit={event => {
        event.preventDefault();
        if (isReady) {
          save.run();
        }
      }}
    >
      <div className="jp-SlipwaySchedule-fields">
        {licence === null && (
          <label className="jp-SlipwayField">
            <span>{trans.__('Name of the licence')}</span>
            <input type="text" autoFocus maxLength={80} value={name} aria-invalid={isTaken} onChange={event => setName(event.target.value)} />
          </label>
        )}
        <label className="jp-SlipwayField">
          <span>{licence === null ? trans.__('At once') : trans.__('%1 at once', licence.name)}</span>
          <input type="number" min={0} max={100_000} step={1} autoFocus={licence !== null} value={total} onChange={event => setTotal(event.target.value)} />
        </label>
      </div>
      {isTaken && <p className="jp-SlipwayField-error" role="alert">{trans.__('There is one of this name: change it in the list.')}</p>}
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={!isReady || save.isBusy}>{trans.__('Save')}</Button>
        <Button onClick={onDone}>{trans.__('Leave')}</Button>
      </div>
      <ErrorNote error={save.error} />
    </form>
  );
}
