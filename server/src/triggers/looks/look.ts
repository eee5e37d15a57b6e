import { createHash } from 'node:crypto';
import type { TriggerSource } from '@slipway/schema';
import type { Signal } from '../tables';

/** The sources that are looked at again and again; the others come by themselves. */
export type Polled = Extract<TriggerSource, { kind: 'files' | 'objects' | 'git' | 'dataset' | 'query' }>;
export type PolledOf<K extends Polled['kind']> = Extract<Polled, { kind: K }>;

/** What a look gave: what to hold the next one against, and what has come about since the last. */
export interface Look {
  state: unknown;
  signal: Signal | null;
}

export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** The moment belongs to a key: what is looked at may come back to what it once was. */
export function keyNow(what: unknown): string {
  return `${digest(what)}/${new Date().toISOString()}`;
}

const SHOWN = 3;

/** One signal for all that is new or changed at once; null where nothing is. */
export function changedSignal(what: 'files' | 'objects', changed: readonly string[], stamps: ReadonlyMap<string, string>): Signal | null {
  if (changed.length === 0) {
    return null;
  }
  const more = changed.length > SHOWN ? ` and ${changed.length - SHOWN} more` : '';
  return { key: keyNow(changed.map(path => [path, stamps.get(path)])), reason: `New or changed: ${changed.slice(0, SHOWN).join(', ')}${more}.`, data: { [what]: changed } };
}
