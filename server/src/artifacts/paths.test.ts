import fc from 'fast-check';
import { posix } from 'node:path';
import { checkedPath } from './paths';

const piece = fc.constantFrom('..', '.', '', 'a', 'b.txt', '%2e%2e', '%252e%252e', '%2f', '%5c', '\\', '\0', '%00', '...', 'ä', ' ', '%', '%zz', '..%2f');
const path = fc.array(fc.array(piece, { maxLength: 3 }).map(p => p.join('')), { minLength: 1, maxLength: 5 }).map(p => p.join('/'));

test('a path that is accepted stays below its root, decoded any number of times', () => {
  fc.assert(
    fc.property(path, given => {
      let current: string;
      try {
        current = checkedPath(given);
      } catch {
        return;
      }
      expect(posix.normalize(current)).toBe(current);
      for (let i = 0; i < 4; i++) {
        expect(posix.join('/root', current.replaceAll('\\', '/'))).toMatch(/^\/root(\/|$)/);
        expect(current).not.toContain('\0');
        try {
          current = decodeURIComponent(current);
        } catch {
          return;
        }
      }
    }),
    { numRuns: 3_000 }
  );
});

test('ordinary names pass as they are', () => {
  for (const name of ['7/0af/artifacts/model/MLmodel', 'a b/c+d.csv', 'größe.txt', '100%.txt', 'x..y/...']) {
    expect(checkedPath(name)).toBe(name);
  }
});
