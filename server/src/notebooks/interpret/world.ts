import { BUILTINS, words } from '../knowledge/methods';
import { Ancestors, Ledger } from './ledger';
import { Trail } from './trail';
import type { Unit } from './unit';
import { SCALAR, affected, fresh, join, newObject, type Obj, type Value } from './values';

const OFTEN_SHADOWED = words('sum min max abs round pow all any open display');

type Status = 'yes' | 'maybe' | 'deleted';

/** A name that nothing before had bound when it was read. */
export interface Unresolved {
  unit: number;
  name: string;
  /** The unit that had deleted it, if one had. */
  deletedBy: number | null;
}

/** The notebook's top level while its cells are walked one after the other. */
export class World {
  readonly trail = new Trail();
  readonly unresolved: Unresolved[] = [];
  readonly units: Unit[] = [];
  /** Units that bound a name, in order: to find what a later one binds. */
  readonly binders = new Map<string, number[]>();
  private readonly ancestors = new Ancestors();
  readonly files = new Ledger(this.ancestors);
  private readonly names = new Map<string, Value>();
  private readonly status = new Map<string, Status | undefined>();
  private readonly last = new Ledger(this.ancestors);
  private readonly state = new Ledger(this.ancestors);
  private readonly deleted = new Map<string, { by: number; last: readonly number[] }>();
  private readonly modules = new Map<string, Obj>();
  /** Units that may have bound what no text shows. */
  private bindingUnseen: readonly number[] = [];
  private starImports: readonly number[] = [];
  private readonly changedFiles = new Map<string, 'bind' | 'change'>();
  private readonly changedState = new Set<string>();
  unit!: Unit;

  begin(unit: Unit): void {
    this.unit = unit;
    this.units.push(unit);
    this.status.clear();
    this.changedFiles.clear();
    this.changedState.clear();
    this.trail.clear();
  }

  /** Adds what a kernel saw of an execution: names that the text does not show, or that a failed cell never came to bind. */
  amend(bound: readonly string[], deleted: readonly string[], hasFailed: boolean): void {
    if (hasFailed) {
      [...this.status].filter(([name, status]) => status !== undefined && !bound.includes(name) && !deleted.includes(name)).forEach(([name]) => this.status.delete(name));
    }
    for (const name of bound.filter(b => this.status.get(b) !== 'yes')) {
      this.bind(name, this.names.get(name) ?? fresh());
    }
    deleted.filter(d => this.last.lastOf(d) && !this.status.has(d)).forEach(d => this.status.set(d, 'deleted'));
  }

  /** Closes the unit: from here on the next ones see what it did. */
  end(): void {
    const { unit } = this;
    for (const [name, status] of this.status) {
      if (status === undefined) {
        continue;
      }
      if (status === 'deleted') {
        unit.deletes.add(name);
      } else {
        unit.defines.add(name);
        if ((this.names.get(name)?.origin ?? null) !== null) {
          unit.imports.add(name);
        }
        if (this.names.get(name)?.objects.some(o => o.kind === 'file' || o.kind === 'iterator')) {
          unit.unstorable.add(name);
        }
        const before = status === 'maybe' ? this.last.lastOf(name) : undefined;
        if (before) {
          unit.weak.set(name, before);
        }
      }
    }
    [...unit.uses.values(), ...unit.weak.values(), unit.files, unit.process].forEach(units => [...units].forEach(u => unit.dependsOn.add(u)));
    unit.dependsOn.delete(unit.index);
    this.ancestors.close(unit.index, unit.dependsOn);
    this.publish(unit);
    if (unit.bindsUnseen) {
      this.bindingUnseen = [...this.bindingUnseen, unit.index];
    }
    if (unit.importsAll) {
      this.starImports = [...this.starImports, unit.index];
    }
  }

  private publish(unit: Unit): void {
    for (const name of unit.mutates) {
      this.last.change(name, unit.index);
    }
    for (const name of unit.defines) {
      this.last.bind(name, unit.index);
      this.deleted.delete(name);
      this.binders.set(name, [...(this.binders.get(name) ?? []), unit.index]);
    }
    for (const name of unit.deletes) {
      this.deleted.set(name, { by: unit.index, last: this.last.lastOf(name) ?? [] });
      this.last.forget(name);
    }
    this.changedFiles.forEach((how, path) => this.files[how](path, unit.index));
    this.changedState.forEach(key => this.state.bind(key, unit.index));
  }

  /** The value of a top-level name; where the cell has not surely bound it itself, it uses it. */
  read(name: string): Value {
    const status = this.status.get(name);
    if (status === 'yes') {
      return this.names.get(name) ?? SCALAR;
    }
    const before = this.last.lastOf(name);
    if (before) {
      this.unit.uses.set(name, before);
      return this.names.get(name) ?? SCALAR;
    }
    if (status === undefined && BUILTINS.has(name)) {
      this.useBuiltin(name);
    } else if (status === undefined && !this.unit.uses.has(name)) {
      const gone = this.deleted.get(name);
      this.unit.uses.set(name, gone?.last ?? this.bindingUnseen);
      this.unresolved.push({ unit: this.unit.index, name, deletedBy: gone?.by ?? null });
      this.names.set(name, fresh());
    }
    return this.names.get(name) ?? SCALAR;
  }

  /** Uses a name if anything has bound it so far. */
  readIfBound(name: string): void {
    if (this.last.lastOf(name) && this.status.get(name) !== 'yes') {
      this.read(name);
    }
  }

  /** Uses every name there is: for code that may read any. */
  readAll(): void {
    [...this.names.keys()].forEach(name => this.read(name));
    this.bindingUnseen.forEach(u => this.unit.dependsOn.add(u));
  }

  /** Uses a builtin: an `import *` above may have put another in its place, as numpy's does with `sum`. */
  useBuiltin(name: string): void {
    if (OFTEN_SHADOWED.has(name)) {
      this.starImports.forEach(u => this.unit.dependsOn.add(u));
    }
  }

  /** Whether a builtin of this name is still the builtin. */
  isBuiltin(name: string): boolean {
    return BUILTINS.has(name) && !this.last.lastOf(name) && !this.status.has(name);
  }

  bind(name: string, value: Value): void {
    for (const object of value.objects) {
      object.boundAs.add(name);
      object.boundIn.add(this.unit.index);
    }
    this.trail.set(this.status, name, 'yes');
    this.trail.set(this.names, name, value);
  }

  delete(name: string): void {
    this.read(name);
    this.trail.set(this.status, name, 'deleted');
    this.trail.delete(this.names, name);
  }

  /** Walks branches from one state and joins their ends. Returns whether any goes on. */
  branch(branches: readonly (() => boolean)[]): boolean {
    return this.trail.branch(branches, (map, ends) => {
      if (map === (this.status as Map<string, unknown>)) {
        return joinedStatus(ends as (Status | undefined)[]);
      }
      return join((ends as (Value | undefined)[]).filter(v => v !== undefined));
    });
  }

  /** Notes an in-place change: every older name of what changed is changed with it. */
  mutate(objects: readonly Obj[], deep: boolean): void {
    if (objects.length === 0) {
      return;
    }
    const all = affected(objects, deep);
    const touched: string[] = [];
    this.names.forEach((value, name) => {
      if (value.objects.some(o => all.has(o))) {
        touched.push(name);
        const status = this.status.get(name);
        if (status === undefined || (status === 'maybe' && this.last.lastOf(name))) {
          this.unit.mutates.add(name);
        }
      }
    });
    all.forEach(o => o.boundAs.forEach(name => !touched.includes(name) && this.unit.ghosts.add(name)));
    if (touched.length > 1 && !this.unit.shared.some(s => s.names.join() === touched.join())) {
      this.unit.shared.push({ names: touched, units: [...new Set([...all].flatMap(o => [...o.boundIn]))] });
    }
  }

  /** Notes that a module's own state changed, under whichever names it was imported. */
  mutateModule(fullName: string): void {
    for (const [name, value] of this.names) {
      if (value.origin !== null && fullName.startsWith(`${value.origin}.`) && this.status.get(name) !== 'yes' && this.last.lastOf(name)) {
        this.unit.mutates.add(name);
      }
    }
  }

  /** The one object of a module, however often it is imported. */
  moduleObject(fullName: string): Obj {
    const object = this.modules.get(fullName) ?? newObject('module', fullName);
    this.modules.set(fullName, object);
    return object;
  }

  /** Uses a state of the process (`random:numpy`, `folder`) where a cell before has set it. */
  readState(key: string): boolean {
    const before = this.changedState.has(key) ? undefined : this.state.lastOf(key);
    before?.forEach(u => this.unit.process.add(u));
    return before !== undefined || this.changedState.has(key);
  }

  setState(key: string): void {
    this.changedState.add(key);
  }

  /** Uses a file, or whatever lies under a folder, where a cell before has written it. */
  readFile(path: string, isFolder = false): void {
    for (const key of this.files.keys()) {
      const isIt = key === path || (isFolder && key.startsWith(path === '.' ? '' : `${path}/`)) || (key.endsWith('/') && `${path}/`.startsWith(key));
      if (isIt && this.changedFiles.get(key) !== 'bind') {
        this.files.lastOf(key)!.forEach(u => u !== this.unit.index && this.unit.files.add(u));
      }
    }
    this.readState('folder');
  }

  /** Writes a file whole, or adds to it; `path` ends in `/` for a folder that is made. */
  writeFile(path: string, how: 'bind' | 'change'): void {
    const folders = [...this.files.keys()].filter(key => key.endsWith('/') && path.startsWith(key) && key !== path);
    folders.forEach(key => this.files.lastOf(key)!.forEach(u => u !== this.unit.index && this.unit.files.add(u)));
    if (how === 'change') {
      this.readFile(path);
    }
    this.changedFiles.set(path, how);
    this.readState('folder');
  }

  /** Top-level names of an object, the latest bound first. */
  namesOf(objects: readonly Obj[]): string[] {
    return [...this.names].filter(([, v]) => v.objects.some(o => objects.includes(o))).map(([name]) => name).reverse();
  }
}

/** Deleted at the end of some paths and untouched on the others: as if untouched. */
function joinedStatus(ends: readonly (Status | undefined)[]): Status | undefined {
  if (ends.every(e => e === 'yes')) {
    return 'yes';
  }
  if (ends.some(e => e === 'yes' || e === 'maybe')) {
    return 'maybe';
  }
  return ends.every(e => e === 'deleted') ? 'deleted' : undefined;
}
