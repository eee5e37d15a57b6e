import { LISTS_FOLDER, MAKES_FOLDER, ONLY_ASKS, normalPath, type Save } from '../knowledge/files';
import { argument } from './arguments';
import type { Saved } from './unit';
import { SCALAR, heldBy, type Obj, type Value } from './values';
import type { Argument, Walker } from './walker';

/** Whatever call is given a path that a cell before has written is taken to read it. */
export function readPaths(w: Walker, args: readonly Argument[], skip?: Argument): void {
  for (const arg of args) {
    const path = arg === skip ? null : pathOf(arg);
    if (path !== null) {
      w.world.readFile(path);
    }
  }
}

/** The file an argument names; where the text is not known, a variable stands for its path: `df.to_csv(OUT)`, `read_csv(OUT)`. */
export function pathOf({ value, node }: Argument): string | null {
  if (value.text !== null) {
    return value.text.length < 500 ? normalPath(value.text) : null;
  }
  const isUnknownPath = node.name === 'VariableName' && value.callables.length === 0 && value.objects.every(o => ['unknown', 'path', 'module'].includes(o.kind));
  return isUnknownPath ? `\0${node.text}` : null;
}

/** Files and folders a library function reads, makes or lists, where it does not save. */
export function pathEffects(w: Walker, fullName: string, args: readonly Argument[]): void {
  const path = args[0]?.value.text ?? null;
  if (MAKES_FOLDER.has(fullName)) {
    if (path !== null) {
      w.world.writeFile(`${normalPath(path)}/`, 'bind');
    }
  } else if (LISTS_FOLDER.has(fullName)) {
    w.world.readFile(normalPath(path?.replace(/\/?[^/]*\*.*$/, '') ?? '.') || '.', true);
  } else if (!ONLY_ASKS.has(fullName)) {
    readPaths(w, args);
  }
}

/** Methods of paths: `p.read_text()`, `p.mkdir()`, `p.open('w')`. */
export function pathMethod(w: Walker, path: string, name: string, args: readonly Argument[]): boolean {
  const at = normalPath(path);
  if (name === 'mkdir') {
    w.world.writeFile(`${at}/`, 'bind');
  } else if (name === 'touch') {
    w.world.writeFile(at, 'change');
  } else if (name === 'glob' || name === 'rglob' || name === 'iterdir') {
    w.world.readFile(at, true);
  } else if (name === 'read_text' || name === 'read_bytes' || name === 'open' || name === 'load') {
    w.world.readFile(at);
    w.world.unit.features.add('load');
  } else {
    return args.length === 0 && name === 'exists';
  }
  return true;
}

/** Notes that a value was saved, and the file it went to. */
export function noteSave(w: Walker, save: Save, args: readonly Argument[], receiver: Value | null, isResult: boolean): void {
  const pathArgument = argument(args, save.path, save.pathKeywords);
  const saved = (save.value === null ? receiver : args[save.value]?.value) ?? SCALAR;
  const path = pathArgument?.value.text ?? (save.path < 0 ? receiver?.text : null) ?? null;
  const isAppending = args.some(a => a.keyword === 'mode' && a.value.text === 'a') || pathArgument?.value.objects.some(o => o.kind === 'file' && /a/.test(o.mode ?? ''));
  const file = path !== null ? normalPath(path) : pathArgument ? pathOf(pathArgument) : null;
  if (file !== null) {
    w.world.writeFile(file, isAppending ? 'change' : 'bind');
  }
  readPaths(w, args, pathArgument);
  if (!isResult) {
    return;
  }
  const objects = withParts(saved.objects);
  w.world.unit.saves.push({
    kind: kindOf(save, saved, objects),
    variables: w.world.namesOf(saved.objects).concat(w.world.namesOf(objects)).filter((name, i, all) => all.indexOf(name) === i),
    path,
    types: objects.flatMap(o => o.type ?? [])
  });
}

/** The saved objects, what a saved dict or list holds, and what a `state_dict()` is of. */
function withParts(objects: readonly Obj[]): Obj[] {
  const all = new Set(objects);
  for (const object of all) {
    if (object.kind === 'container') {
      heldBy(object).forEach(o => all.add(o));
    }
    object.partOf.forEach(o => all.add(o));
  }
  return [...all];
}

/** `joblib.dump(df)` saves a table, `pickle.dump(scores)` a file. */
function kindOf(save: Save, value: Value, objects: readonly Obj[]): Saved['kind'] {
  if (save.kind !== 'model') {
    return save.kind;
  }
  if (objects.some(o => o.kind === 'frame')) {
    return 'table';
  }
  if (value.objects.length > 0 && objects.every(o => o.kind === 'array')) {
    return 'array';
  }
  const isPlain = value.objects.length > 0 && objects.every(o => o.kind === 'container');
  return isPlain && !objects.some(o => heldBy(o).some(h => h.kind === 'object')) ? 'file' : 'model';
}
