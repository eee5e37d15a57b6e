import fc from 'fast-check';

/** What a name holds at some point of a generated program. */
type Kind = 'number' | 'list' | 'dict' | 'function' | 'object';

interface Draft {
  kinds: Map<string, Kind>;
  cells: string[];
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'g', 'h'];
const PRELUDE = `class Box:
    def __init__(self, items):
        self.items = items
        self.total = 0
    def add(self, n):
        self.items.append(n)
        self.total += n
    def size(self):
        return len(self.items) + self.total`;

/** Picks evenly and repeatably (mulberry32). */
class Chooser {
  constructor(private state: number) {}
  index(length: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * length);
  }
  of<T>(list: readonly T[]): T {
    return list[this.index(list.length)]!;
  }
}

/** Programs of cells that run without error and end in one that gives `result`. */
export const programs: fc.Arbitrary<string[]> = fc
  .tuple(fc.integer({ min: 4, max: 18 }), fc.integer())
  .map(([length, seed]) => {
    const choose = new Chooser(seed);
    const draft: Draft = { kinds: new Map([['a', 'number'], ['b', 'list']]), cells: [PRELUDE, 'a = 3\nb = [1, 2]'] };
    for (let i = 0; i < length; i++) {
      draft.cells.push(statement(draft, choose));
    }
    const names = [...draft.kinds].filter(([, kind]) => kind !== 'function').map(([name]) => name);
    const shown = [choose.of(names), choose.of(names)];
    draft.cells.push(`result = [${shown.map(n => number(draft, n)).join(', ')}]`);
    return draft.cells;
  });

/** An expression that turns what a name holds into a number. */
function number(draft: Draft, name: string): string {
  const kind = draft.kinds.get(name)!;
  return kind === 'number' ? name : kind === 'object' ? `${name}.size()` : kind === 'dict' ? `sum(${name}.values())` : kind === 'list' ? `sum(${name})` : `${name}(1)`;
}

function statement(draft: Draft, choose: Chooser): string {
  const all = [...draft.kinds.keys()];
  const ofKind = (kind: Kind): string[] => all.filter(n => draft.kinds.get(n) === kind);
  const value = (): string => number(draft, choose.of(all));
  const bind = (kind: Kind, expression: string): string => {
    const name = choose.of(NAMES);
    draft.kinds.set(name, kind);
    return `${name} = ${expression}`;
  };
  const pick = (kind: Kind): string | null => (ofKind(kind).length > 0 ? choose.of(ofKind(kind)) : null);
  const [list, dict, object, fn] = [pick('list'), pick('dict'), pick('object'), pick('function')];
  const forms: (() => string)[] = [
    () => bind('number', `${value()} + ${choose.index(9)}`),
    () => bind('list', `[${value()}, ${choose.index(9)}]`),
    () => bind('dict', `{'x': ${value()}, 'y': 1}`),
    () => {
      const name = choose.of(all);
      return bind(draft.kinds.get(name)!, name);
    },
    () => {
      const free = value();
      const name = choose.of(NAMES.filter(n => !free.includes(n)));
      draft.kinds.set(name, 'function');
      return `def ${name}(n):\n    return n % 7 + ${free} % 5`;
    },
    () => {
      const free = choose.of(all.filter(n => draft.kinds.get(n) !== 'function'));
      return `if ${number(draft, free)} % 2 == 0:\n    ${free} = ${free}`;
    },
    () => `for i in range(2):\n    ${list ? `${list}.append(i + ${value()} % 3)` : 'pass'}`,
    () => `print(${value()})`
  ];
  if (list) {
    forms.push(
      () => `${list}.append(${value()} % 11)`,
      () => `${list}[0] = ${value()}`,
      () => `${list} += [${choose.index(5)}]`,
      () => bind('list', `list(${list})`),
      () => bind('list', `${list} + [1]`),
      () => bind('object', `Box(${list})`),
      () => bind('number', `${list}.pop() if len(${list}) > 1 else 0`),
      () => bind('list', `${list}[:]`)
    );
  }
  if (dict) {
    forms.push(
      () => `${dict}['${choose.of(['x', 'y', 'z'])}'] = ${value()}`,
      () => `${dict}.update(x=${choose.index(9)})`,
      () => bind('number', `${dict}['x']`)
    );
  }
  if (object) {
    forms.push(
      () => `${object}.add(${value()} % 11)`,
      () => bind('list', `${object}.items`),
      () => `${object}.total = ${value()}`
    );
  }
  if (fn && draft.kinds.get(fn) === 'function') {
    forms.push(() => bind('number', `${fn}(${choose.index(5)})`), () => bind('list', `[${fn}(v) for v in range(2)]`));
  }
  return choose.of(forms)();
}
