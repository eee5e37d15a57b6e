import { alignLines } from '../core/align-lines';

/**
 * What was changed from `base` to `theirs`, done to `mine`, line by line: where
 * they changed nothing, mine stays as it stands; where both differ, theirs counts.
 * `isFine` takes lines that are others in mine, but as many, to be the same ones
 * in another spacing.
 */
export function threeWay(base: readonly string[], mine: readonly string[], theirs: readonly string[], { isFine }: { isFine: boolean }): string[] {
  const exact = placesOf(base, mine);
  const [inMine, inTheirs] = [isFine ? withPairs(exact, mine.length) : exact, placesOf(base, theirs)];
  const result: string[] = [];
  let at = { base: 0, mine: 0, theirs: 0 };
  const take = (to: typeof at): void => {
    const [from, own, other] = [base.slice(at.base, to.base), mine.slice(at.mine, to.mine), theirs.slice(at.theirs, to.theirs)];
    result.push(...(isSame(from, other) ? own : other));
  };
  base.forEach((_line, i) => {
    const [ownAt, otherAt] = [inMine[i]!, inTheirs[i]!];
    if (ownAt >= 0 && otherAt >= 0) {
      take({ base: i, mine: ownAt, theirs: otherAt });
      result.push(mine[ownAt]!);
      at = { base: i + 1, mine: ownAt + 1, theirs: otherAt + 1 };
    }
  });
  take({ base: base.length, mine: mine.length, theirs: theirs.length });
  return result;
}

/** Where each line of one text is in the other; -1 where it is not. */
function placesOf(from: readonly string[], to: readonly string[]): number[] {
  let at = 0;
  return alignLines(from, to).flatMap(({ kind }) => {
    if (kind !== 'gone') {
      at += 1;
    }
    return kind === 'new' ? [] : [kind === 'same' ? at - 1 : -1];
  });
}

/** Lines without a place are paired with those there, where between two that have one there are as many. */
function withPairs(places: readonly number[], length: number): number[] {
  const paired = [...places];
  let [from, own] = [0, 0];
  [...places, length].forEach((place, i) => {
    if (place >= 0) {
      for (let k = from; k < i && i - from === place - own; k++) {
        paired[k] = own + k - from;
      }
      [from, own] = [i + 1, place + 1];
    }
  });
  return paired;
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((line, i) => line === b[i]);
