import type { LatencyEvidence } from '@slipway/schema';
import { sql } from 'kysely';
import type { Db, Tx } from '../../database';
import type { VersionLatencyRow } from '../tables';

/** Asks for a measurement, unless one is asked for already. */
export async function askLatency(tx: Tx, asked: { model_name: string; version: number; requests: number; asked_by: string }): Promise<void> {
  await tx
    .insertInto('version_latency')
    .values({ ...asked, evidence: null, failure: null, leased_until: null })
    .onConflict(oc => oc.columns(['model_name', 'version']).where('status', '=', 'pending').doUpdateSet(eb => ({ requests: sql<number>`greatest(${eb.ref('version_latency.requests')}, ${eb.ref('excluded.requests')})` })))
    .execute();
}

export function latestLatency(db: Db, name: string, version: number): Promise<VersionLatencyRow | undefined> {
  return db.selectFrom('version_latency').selectAll().where('model_name', '=', name).where('version', '=', version).orderBy('seq', 'desc').limit(1).executeTakeFirst();
}

/** The longest waiting measurement that nobody is at; it is the caller's for so long. */
export async function claimLatency(db: Db, leaseMs: number): Promise<VersionLatencyRow | undefined> {
  const { rows } = await sql<VersionLatencyRow>`
    update version_latency set leased_until = now() + ${leaseMs} * interval '1 millisecond'
    where id = (select id from version_latency where status = 'pending' and (leased_until is null or leased_until < now()) order by seq limit 1 for update skip locked)
    returning *`.execute(db);
  return rows[0];
}

/** Lets go of what a daemon that stops had claimed. */
export async function releaseLatency(db: Db, id: string): Promise<void> {
  await db.updateTable('version_latency').set({ leased_until: null }).where('id', '=', id).where('status', '=', 'pending').execute();
}

/** undefined where it is over already: another daemon was faster, or the version is gone. */
export function finishLatency(tx: Tx, id: string, outcome: { evidence: LatencyEvidence } | { failure: string }): Promise<VersionLatencyRow | undefined> {
  const change = 'evidence' in outcome ? { status: 'measured' as const, evidence: JSON.stringify(outcome.evidence) as never } : { status: 'failed' as const, failure: outcome.failure };
  return tx.updateTable('version_latency').set(change).where('id', '=', id).where('status', '=', 'pending').returningAll().executeTakeFirst();
}
