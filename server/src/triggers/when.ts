import type { TriggerSource, TriggerSpec } from '@slipway/schema';
import type { SignalRow } from './tables';

/** A firing waits for quiet at most so many times its debounce. */
const PATIENCE = 10;

/** Every source of a trigger, by its place. */
export function sourcesOf(spec: TriggerSpec): { place: string; source: TriggerSource }[] {
  return spec.when.any.flatMap((group, i) => group.all.map((source, j) => ({ place: `any.${i}.all.${j}`, source })));
}

/** The signals a firing would take now: those of each group that is whole. Empty: nothing to fire, or not yet. */
export function ripeSignals<S extends Pick<SignalRow, 'place' | 'at'>>(spec: TriggerSpec, open: readonly S[], now: Date): S[] {
  const seen = new Set(open.map(s => s.place));
  const whole = spec.when.any.map((group, i) => group.all.map((_, j) => `any.${i}.all.${j}`)).filter(places => places.every(place => seen.has(place)));
  // Fired by hand: whole by itself.
  const places = new Set([...whole.flat(), ...(seen.has('hand') ? ['hand'] : [])]);
  const taken = open.filter(s => places.has(s.place));
  if (taken.length === 0) {
    return [];
  }
  const times = taken.map(s => s.at.getTime());
  const isQuiet = now.getTime() - Math.max(...times) >= spec.debounceMs;
  const isPatient = now.getTime() - Math.min(...times) < spec.debounceMs * PATIENCE;
  return isQuiet || !isPatient || places.has('hand') ? taken : [];
}

/** What a firing hands on: the newest signal's data, and all of them. */
export function payloadOf(taken: readonly Pick<SignalRow, 'place' | 'at' | 'payload' | 'reason'>[]): Record<string, unknown> {
  const signals = taken.map(s => ({ place: s.place, at: s.at.toISOString(), reason: s.reason, data: s.payload }));
  return { data: signals.at(-1)?.data ?? {}, signals };
}

/** Reasons in a sentence each, the same one once. */
export function reasonOf(taken: readonly Pick<SignalRow, 'reason'>[]): string {
  const reasons = [...new Set(taken.map(s => s.reason))];
  return reasons.length <= 5 ? reasons.join(' ') : `${reasons.slice(0, 5).join(' ')} And ${reasons.length - 5} more.`;
}

/** What a JSON pointer leads to (RFC 6901); undefined where there is nothing. */
export function atPointer(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, part) => (at !== null && typeof at === 'object' && Object.hasOwn(at, part) ? (at as Record<string, unknown>)[part] : undefined), value);
}

/** The way from `from` back to itself over pipelines that start one another; null where there is none. */
export function loopFrom(from: string, edges: readonly { upstream: string; pipeline: string }[]): string[] | null {
  const walk = (at: string, way: string[]): string[] | null => {
    for (const { pipeline } of edges.filter(e => e.upstream === at)) {
      if (pipeline === from) {
        return [...way, from];
      }
      const found = way.includes(pipeline) ? null : walk(pipeline, [...way, pipeline]);
      if (found) {
        return found;
      }
    }
    return null;
  };
  return walk(from, [from]);
}

/** An event's type against a pattern in which `*` stands for anything. */
export function isOfType(type: string, pattern: string): boolean {
  return new RegExp(`^${pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(type);
}
