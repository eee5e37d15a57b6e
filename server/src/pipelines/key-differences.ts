import type { CacheDifference, Scalar } from '@slipway/schema';

/** What a step's key is made of, as far as it can be said in words. */
export interface KeyFacts {
  baseKey: string | null;
  /** As the notebook has them, and as they ran with the params written in. */
  cells: { id: string; title: string; source: string; run: string }[];
  params: Readonly<Record<string, Scalar>>;
  /** Values taken: by what they are known, and the step that made them. */
  inputs: { name: string; from: string; identity: string }[];
  /** Modules and files of steps before it that are laid over the folder. */
  files: { path: string; digest: string }[];
  outputs: readonly string[];
  /** What it turned out to read; null while it has not run. */
  reads: { path: string; digest: string | null }[] | null;
  variables: Readonly<Record<string, string | null>>;
  packages: Readonly<Record<string, string>>;
}

const short = (text: string | null | undefined): string | null => (text === null || text === undefined ? null : text.length > 80 ? `${text.slice(0, 79)}…` : text);
const printed = (value: Scalar | undefined): string | null => (value === undefined ? null : JSON.stringify(value));

/** Names all in which a step differs from an earlier run of it; empty where nothing does. */
export function keyDifferences(before: KeyFacts, after: KeyFacts): CacheDifference[] {
  const found = [...sources(before, after), ...inputs(before, after), ...files(before, after), ...outputs(before, after)];
  if (found.length === 0 && before.baseKey !== after.baseKey) {
    found.push(...environment(before, after));
  }
  return [...found, ...reads(before, after), ...variables(before, after)];
}

function sources(before: KeyFacts, after: KeyFacts): CacheDifference[] {
  const found: CacheDifference[] = [];
  const usedParams = new Set<string>();
  for (const cell of after.cells) {
    const was = before.cells.find(c => c.id === cell.id);
    if (!was) {
      found.push({ part: 'source', name: cell.title, message: `The cell “${cell.title}” was not in the step then.`, before: null, after: short(cell.source) });
    } else if (was.run !== cell.run) {
      const params = Object.keys({ ...before.params, ...after.params }).filter(name => !usedParams.has(name) && printed(before.params[name]) !== printed(after.params[name]));
      if (was.source !== cell.source) {
        found.push({ part: 'source', name: cell.title, message: `The cell “${cell.title}” was edited.`, before: short(was.source), after: short(cell.source) });
      } else {
        params.forEach(name => usedParams.add(name));
        found.push(...params.map((name): CacheDifference => ({ part: 'param', name, message: `The param ${name} was ${printed(before.params[name]) ?? 'not there'}, and is ${printed(after.params[name]) ?? 'not there'}.`, before: printed(before.params[name]), after: printed(after.params[name]) })));
      }
    }
  }
  const gone = before.cells.filter(c => !after.cells.some(a => a.id === c.id));
  return [...found, ...gone.map((c): CacheDifference => ({ part: 'source', name: c.title, message: `The cell “${c.title}” is not in the step any more.`, before: short(c.source), after: null }))];
}

function inputs(before: KeyFacts, after: KeyFacts): CacheDifference[] {
  return named(before.inputs, after.inputs, i => i.name, i => i.identity).map(({ name, was, is }) => {
    const from = (is ?? was)!.from;
    return { part: 'input', name, message: `The value ${name}, which the step ${from} makes, is another.`, before: short(was?.identity), after: short(is?.identity) };
  });
}

function files(before: KeyFacts, after: KeyFacts): CacheDifference[] {
  return named(before.files, after.files, f => f.path, f => f.digest).map(({ name, was, is }) => ({ part: 'file', name, message: `The file ${name} ${is ? (was ? 'has changed' : 'is new') : 'is gone'}.`, before: short(was?.digest), after: short(is?.digest) }));
}

function outputs(before: KeyFacts, after: KeyFacts): CacheDifference[] {
  const [was, is] = [before.outputs, after.outputs].map(o => [...o].sort().join(', '));
  return was === is ? [] : [{ part: 'outputs', name: '', message: 'Other steps take other values from it than then.', before: was ?? null, after: is ?? null }];
}

/** What is left where nothing else differs: the packages the step runs with, or Slipway's own way of keeping results. */
function environment(before: KeyFacts, after: KeyFacts): CacheDifference[] {
  const changed = named(Object.entries(before.packages), Object.entries(after.packages), e => e[0], e => e[1]).filter(c => c.was && c.is);
  if (changed.length === 0) {
    return [{ part: 'environment', name: '', message: 'The Python environment was changed since, or Slipway keeps results in another way now.', before: null, after: null }];
  }
  return changed.map(({ name, was, is }) => ({ part: 'environment', name, message: `The package ${name} was ${was![1]}, and is ${is![1]}.`, before: was![1], after: is![1] }));
}

function reads(before: KeyFacts, after: KeyFacts): CacheDifference[] {
  if (before.reads === null || after.reads === null) {
    return [];
  }
  return named(before.reads, after.reads, r => r.path, r => r.digest ?? '').map(({ name, was, is }) => ({ part: 'file', name, message: is ? (was ? `${name} has changed.` : `${name} was not read then.`) : `${name} is not read any more.`, before: short(was?.digest), after: short(is?.digest) }));
}

function variables(before: KeyFacts, after: KeyFacts): CacheDifference[] {
  // Values may be secrets: only that they differ is said.
  return Object.keys(before.variables)
    .filter(name => name in after.variables && before.variables[name] !== after.variables[name])
    .map(name => ({ part: 'variable', name, message: `The environment variable ${name} has changed.`, before: null, after: null }));
}

/** Things of two lists whose identity differs, by name; each name once. */
function named<T>(before: readonly T[], after: readonly T[], nameOf: (t: T) => string, identityOf: (t: T) => string): { name: string; was: T | undefined; is: T | undefined }[] {
  const was = new Map(before.map(t => [nameOf(t), t]));
  const is = new Map(after.map(t => [nameOf(t), t]));
  return [...new Set([...was.keys(), ...is.keys()])]
    .map(name => ({ name, was: was.get(name), is: is.get(name) }))
    .filter(c => (c.was && identityOf(c.was)) !== (c.is && identityOf(c.is)));
}
