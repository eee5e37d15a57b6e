import { randomUUID } from 'node:crypto';
import type { ClusterPolicy, NewReservation, ProjectQuota, Reservation, SchedulingChange } from '@slipway/schema';
import { Conflict, InvalidInput, NotFound } from '../../core/errors';
import type { Db, Tx } from '../../database';
import type { Events } from '../../events';
import { removeNode } from '../scene-store';
import { policySettings, setPolicy } from '../settings-store';
import { notifyWorkers } from '../store';
import * as store from './store';

/** Quotas, licences, reservations and drains; each change is kept with who made it. */
export function createClusterSettings(deps: { db: Db; events: Events; wake(): void }) {
  const { db, events } = deps;

  async function change(person: string, action: string, subject: string, detail: object, work: (tx: Tx) => Promise<void>): Promise<void> {
    await db.transaction().execute(async tx => {
      await work(tx);
      await store.insertChange(tx, { person, action, subject, detail });
      await events.append(tx, [{ type: 'cluster.changed', subject }]);
      await notifyWorkers(tx);
    });
    deps.wake();
  }

  const found = (isThere: boolean, code: string, message: string): void => {
    if (!isThere) {
      throw new NotFound(code, message);
    }
  };

  return {
    setQuota: (project: string, quota: ProjectQuota, person: string) => change(person, 'quota.set', name(project), quota, tx => store.upsertQuota(tx, project, quota)),
    removeQuota: (project: string, person: string) =>
      change(person, 'quota.removed', project, {}, async tx => found(await store.deleteQuota(tx, project), 'no_such_quota', `The project ${project} has no quota.`)),
    setLicence: (licence: string, total: number, person: string) => change(person, 'licence.set', name(licence), { total }, tx => store.upsertLicence(tx, licence, total)),
    removeLicence: (licence: string, person: string) =>
      change(person, 'licence.removed', licence, {}, async tx => found(await store.deleteLicence(tx, licence), 'no_such_licence', `There is no licence ${licence}.`)),
    editNode: (id: string, set: { isDrained: boolean; isSpot?: boolean }, person: string) =>
      change(person, set.isSpot !== undefined ? 'node.changed' : set.isDrained ? 'node.drained' : 'node.given_back', id, set, async tx => found(await store.setNode(tx, id, set), 'no_such_node', `There is no node ${id}.`)),
    async policy(): Promise<ClusterPolicy> {
      const { halfLifeMs, minRunMs, graceMs } = await policySettings(db);
      return { halfLifeMs, minRunMs, graceMs };
    },
    setPolicy: (policy: ClusterPolicy, person: string) => change(person, 'policy.set', 'cluster', policy, tx => setPolicy(tx, policy)),
    /** @throws {Conflict} `node_is_here` */
    removeNode: (id: string, person: string) =>
      change(person, 'node.removed', id, {}, async tx => {
        found((await store.nodes(tx)).some(n => n.id === id), 'no_such_node', `There is no node ${id}.`);
        if (!(await removeNode(tx, id))) {
          throw new Conflict('node_is_here', 'Its daemon runs: only a node that was not seen for a minute can be removed. Drain it, so that it gets nothing new.');
        }
      }),
    async reserve(asked: NewReservation, person: string): Promise<Reservation> {
      checkEnd(asked);
      await checkPlaces(db, asked);
      const id = randomUUID();
      const row = { id, project: asked.project, node_ids: asked.nodeIds, device_ids: asked.deviceIds, begins_at: new Date(asked.from), ends_at: new Date(asked.until), created_by: person };
      await change(person, 'reservation.made', asked.project, asked, tx => store.insertReservation(tx, row));
      return { id, ...asked, createdBy: person };
    },
    removeReservation: (id: string, person: string) =>
      change(person, 'reservation.removed', id, {}, async tx => found(UUID.test(id) && (await store.deleteReservation(tx, id)), 'no_such_reservation', `There is no reservation ${id}.`)),
    async changes(page: { limit: number; cursor?: string }): Promise<{ items: SchedulingChange[]; nextCursor?: string }> {
      if (page.cursor !== undefined && !/^\d{1,18}$/.test(page.cursor)) {
        throw new InvalidInput('invalid_cursor', 'The cursor is not one that a page gave.');
      }
      const rows = await store.changes(db, { limit: page.limit + 1, before: page.cursor ?? null });
      const shown = rows.slice(0, page.limit);
      return { items: shown.map(r => ({ ...r, at: r.at.toISOString() })), ...(rows.length > page.limit && { nextCursor: shown.at(-1)!.id }) };
    }
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws {InvalidInput} */
function name(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._ -]{0,79}$/.test(text)) {
    throw new InvalidInput('invalid_name', 'A name begins with a letter or digit, has letters, digits, dots, spaces and dashes, and at most 80 of them.');
  }
  return text;
}

/** @throws {InvalidInput} for a window that is over: it would keep nothing, and be seen nowhere */
function checkEnd({ until }: NewReservation): void {
  if (Date.parse(until) <= Date.now()) {
    throw new InvalidInput('reservation_is_over', 'It ends in the past: it would keep nothing.', { errors: [{ path: 'until', message: 'It ends in the past.' }] });
  }
}

/** @throws {InvalidInput} for nodes and GPUs that are not there */
async function checkPlaces(db: Db, asked: NewReservation): Promise<void> {
  const nodes = (await store.nodes(db)).filter(n => asked.nodeIds.includes(n.id));
  const missing = asked.nodeIds.find(id => !nodes.some(n => n.id === id));
  if (missing !== undefined) {
    throw new InvalidInput('no_such_node', `There is no node ${missing}.`, { errors: [{ path: 'nodeIds', message: `There is no node ${missing}.` }] });
  }
  const device = asked.deviceIds.find(id => !nodes.some(n => n.devices.some(d => d.id === id)));
  if (device !== undefined) {
    throw new InvalidInput('no_such_gpu', `None of these nodes has the GPU ${device}.`, { errors: [{ path: 'deviceIds', message: `None of these nodes has the GPU ${device}.` }] });
  }
}
