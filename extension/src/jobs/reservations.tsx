import { endpoints, type Cluster, type Reservation } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { personWord } from '../core/person-word';
import { useAction, useClock, useSlipway } from '../core/ui';
import { UndoNote, type Undoable } from '../core/undo';
import { ReservationForm } from './reservation-form';
import { placesOf } from './words';

/** What is kept for whom, and when: nodes or single GPUs of them, as a project's alone. */
export function Reservations({ cluster, mayManage }: { cluster: Cluster; mayManage: boolean }): React.JSX.Element | null {
  const { trans, client } = useSlipway();
  const [isAdding, setAdding] = React.useState(false);
  const [removed, setRemoved] = React.useState<Undoable | null>(null);
  const onRemoved = ({ id: _id, createdBy: _by, ...asked }: Reservation): void => {
    setRemoved({ words: trans.__('The reservation for %1 was removed.', asked.project), undo: () => client.call(endpoints.scheduler.reserve, { body: asked }) });
  };
  if (!mayManage && cluster.reservations.length === 0) {
    return null;
  }
  const inOrder = [...cluster.reservations].sort((a, b) => a.from.localeCompare(b.from));
  return (
    <>
      <Heading title={trans.__('Reservations')}>{mayManage && !isAdding && <Button onClick={() => setAdding(true)}>{trans.__('Reserve …')}</Button>}</Heading>
      <div className="jp-SlipwayStarters">
        <UndoNote done={removed} onGone={() => setRemoved(null)} />
        {isAdding && <ReservationForm cluster={cluster} onDone={() => setAdding(false)} />}
        {inOrder.length === 0 && !isAdding && <Empty title={trans.__('Nothing is reserved')}>{trans.__('A reservation keeps nodes, or single GPUs, for one project for a time. Preemptible jobs of others make room when it begins.')}</Empty>}
        <ul className="jp-SlipwayStarters-list" aria-label={trans.__('Reservations')}>
          {inOrder.map(reservation => (
            <ReservationLine key={reservation.id} {...{ reservation, cluster, mayManage }} onRemoved={() => onRemoved(reservation)} />
          ))}
        </ul>
      </div>
    </>
  );
}

function ReservationLine({ reservation: r, cluster, mayManage, onRemoved }: { reservation: Reservation; cluster: Cluster; mayManage: boolean; onRemoved: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const now = useClock(true, 5_000);
  const remove = useAction(async () => {
    await client.call(endpoints.scheduler.removeReservation, { params: { reservationId: r.id } });
    onRemoved();
  });
  return (
    <li>
      <div>
        <strong>{r.project}</strong> {placesOf(r, cluster.nodes, trans)}{' '}
        <span className="jp-SlipwayFaint">{trans.__('from %1 until %2 · made by %3', formatTime(r.from), formatTime(r.until), personWord(trans, r.createdBy))}</span>{' '}
        {Date.parse(r.from) <= now && <span className="jp-SlipwayTag">{trans.__('now')}</span>}
      </div>
      {mayManage && (
        <div className="jp-SlipwayStarters-actions">
          <Button kind="link" disabled={remove.isBusy} onClick={() => remove.run()} aria-label={trans.__('Remove the reservation for %1', r.project)}>{trans.__('Remove')}</Button>
        </div>
      )}
      <ErrorNote error={remove.error} />
    </li>
  );
}
