import fc from 'fast-check';
import { diffLines } from './diff-lines';
import { differences, type Making } from './differences';

const making = (more: Partial<Making>): Making => ({ params: new Map(), metrics: new Map(), packages: new Map(), data: new Map(), cells: [], ...more });
const map = <V>(record: Record<string, V>): Map<string, V> => new Map(Object.entries(record));

test('a changed line is removed and added, with three lines around it', () => {
  const before = ['a', 'b', 'c', 'd', 'x = 1', 'e', 'f', 'g', 'h'].join('\n');
  const lines = diffLines(before, before.replace('x = 1', 'x = 2'));
  expect(lines.map(l => `${{ same: ' ', added: '+', removed: '-' }[l.kind]}${l.text}`)).toEqual([' b', ' c', ' d', '-x = 1', '+x = 2', ' e', ' f', ' g']);
});

test('whatever two sources are, the diff leads from one to the other', () => {
  const source = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 7 }).map(l => l.join('\n'));
  fc.assert(
    fc.property(source, source, (before, after) => {
      const lines = diffLines(before, after);
      const text = (kind: string): string[] => lines.filter(l => l.kind === kind).map(l => l.text);
      const counts = (list: string[]): string => JSON.stringify([...list].sort());
      const [a, b] = [before, after].map(s => (s === '' ? [] : s.split('\n')));
      expect(counts([...b!, ...text('removed')])).toBe(counts([...a!, ...text('added')]));
      expect(lines.some(l => l.kind !== 'same')).toBe(before !== after);
    })
  );
});

test('what is the same is not told', () => {
  const all = { params: map({ a: '1' }), metrics: map({ m: NaN }), packages: map({ p: '1' }), data: map({ d: null, e: 'x' }), cells: [{ id: 'c', source: 's' }] };
  expect(differences(making(all), making(all))).toEqual({ params: [], metrics: [], slices: [], packages: [], data: [], cells: [] });
});

test('what differs is told with both sides', () => {
  const candidate = making({ params: map({ a: '1', b: '2' }), metrics: map({ acc: 0.75, loss: NaN, 'acc/slice/country:DE': 0.5, 'acc/slice/country:FR': 0.25, 'rows/slice/country:DE': 12 }), packages: map({ numpy: '2' }), data: map({ '/x.csv': 'new', '/moved.csv': 'same' }) });
  const champion = making({ params: map({ a: '1', c: '3' }), metrics: map({ acc: 0.5, loss: 1, 'acc/slice/country:DE': 0.75, 'acc/slice/country:FR': 0.25 }), packages: map({ numpy: '1' }), data: map({ '/x.csv': 'old', '/was.csv': 'same', '/gone.csv': 'gone' }) });
  expect(differences(candidate, champion)).toEqual({
    params: [{ name: 'b', candidate: '2', champion: null }, { name: 'c', candidate: null, champion: '3' }],
    metrics: [{ name: 'acc', candidate: 0.75, champion: 0.5, change: 0.25 }, { name: 'loss', candidate: 'NaN', champion: 1, change: null }],
    slices: [{ metric: 'acc', column: 'country', value: 'DE', rows: 12, candidate: 0.5, champion: 0.75, change: -0.25 }],
    packages: [{ name: 'numpy', candidate: '2', champion: '1' }],
    data: [{ path: '/gone.csv', candidate: null, champion: 'gone' }, { path: '/x.csv', candidate: 'new', champion: 'old' }],
    cells: []
  });
});

test('cells are added, removed and changed; one with a new id alone is the same', () => {
  const champion = making({ cells: [{ id: '1', source: 'load' }, { id: '2', source: 'fit(1)' }, { id: '3', source: 'old' }] });
  const candidate = making({ cells: [{ id: '9', source: 'load' }, { id: '2', source: 'fit(2)' }, { id: '4', source: 'new' }] });
  expect(differences(candidate, champion).cells).toEqual([
    { cellId: '2', change: 'changed', lines: [{ kind: 'removed', text: 'fit(1)' }, { kind: 'added', text: 'fit(2)' }] },
    { cellId: '4', change: 'added', lines: [{ kind: 'added', text: 'new' }] },
    { cellId: '3', change: 'removed', lines: [{ kind: 'removed', text: 'old' }] }
  ]);
});
