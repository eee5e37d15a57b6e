import { sql } from 'kysely';
import type { ClusterPolicy } from '@slipway/schema';
import type { Db, Tx } from '../database';
import { DEFAULT_SETTINGS, type PolicySettings } from './policy';

/** The row as PostgreSQL makes JSON of it; null where nothing was changed. */
export type ChangedSettings = { half_life_ms: number; min_run_ms: number; grace_ms: number } | null;

export function settingsOf(row: ChangedSettings): PolicySettings {
  return row === null ? DEFAULT_SETTINGS : { ...DEFAULT_SETTINGS, halfLifeMs: Number(row.half_life_ms), minRunMs: Number(row.min_run_ms), graceMs: Number(row.grace_ms) };
}

export async function policySettings(db: Db): Promise<PolicySettings> {
  const { rows } = await sql<NonNullable<ChangedSettings>>`select half_life_ms, min_run_ms, grace_ms from policy_settings`.execute(db);
  return settingsOf(rows[0] ?? null);
}

export async function setPolicy(tx: Tx, { halfLifeMs, minRunMs, graceMs }: ClusterPolicy): Promise<void> {
  const values = { half_life_ms: halfLifeMs, min_run_ms: minRunMs, grace_ms: graceMs };
  await tx.insertInto('policy_settings').values(values).onConflict(c => c.column('is_only').doUpdateSet(values)).execute();
}
