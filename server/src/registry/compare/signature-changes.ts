import type { SignatureChange } from '@slipway/schema';
import type { Signature } from '../mlmodel';

type Column = Signature['inputs'][number];

/**
 * What differs from the champion's signature to the candidate's. It breaks
 * callers where the candidate asks for more or other than the champion did, or
 * answers less or other.
 */
export function signatureChanges(candidate: Signature | null, champion: Signature | null): SignatureChange[] {
  return (['inputs', 'outputs'] as const).flatMap(part => {
    const [mine, theirs] = [candidate, champion].map(s => new Map((s?.[part] ?? []).map((c, i) => [c.name ?? `#${i}`, c])));
    return [...new Set([...theirs!.keys(), ...mine!.keys()])].flatMap(column => {
      const [now, before] = [mine!.get(column), theirs!.get(column)];
      const change = { part, column, candidate: worded(now), champion: worded(before) };
      // Nothing can be said of callers where one of the two tells nothing at all.
      return change.candidate === change.champion ? [] : [{ ...change, isBreaking: candidate !== null && champion !== null && isBreaking(part, now, before) }];
    });
  });
}

function isBreaking(part: 'inputs' | 'outputs', now: Column | undefined, before: Column | undefined): boolean {
  if (part === 'outputs') {
    return before !== undefined && now?.type !== before.type;
  }
  // An input that is no longer asked for is left out of what callers send.
  return now !== undefined && (before === undefined ? now.required : now.type !== before.type || (now.required && !before.required));
}

const worded = (column: Column | undefined): string | null => (column ? `${column.type}${column.required ? '' : ', optional'}` : null);
