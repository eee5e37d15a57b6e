import type { Save } from '../knowledge/files';

/** What a cell does beside names; tells loading, training and so on apart. */
export type Feature = 'load' | 'build' | 'train' | 'fitTransformer' | 'predict' | 'draw' | 'show' | 'plot' | 'call';

/** Something written that outlives the notebook. */
export interface Saved {
  kind: Save['kind'];
  /** Top-level names of what was saved, the likeliest first. */
  variables: string[];
  path: string | null;
  /** Full names of the saved objects' classes, where known. */
  types: string[];
}

export interface FoundMetric {
  name: string;
  /** 1-based line in the cell. */
  line: number;
  /** Top-level name it was bound to, if it was. */
  variable: string | null;
  how: 'bound' | 'shown' | 'logged';
  /** false for a report or matrix. */
  isNumber: boolean;
}

/** A model and the rows it was applied to. */
export interface Scoring {
  model: string;
  /** null where the rows have no name of their own. */
  data: string | null;
  how: 'fit' | 'predict';
}

/** An object was changed that several names lead to: storing them one by one would tear them apart. */
export interface Shared {
  names: readonly string[];
  /** Units that bound a name to it, or to what holds it. */
  units: readonly number[];
}

/** All that was found out about one cell, in the place where it stands. */
export interface Unit {
  index: number;
  id: string;
  source: string;
  defines: Set<string>;
  /** Read before the cell bound them → the units that bound or changed them last. */
  uses: Map<string, readonly number[]>;
  /** Names from before this cell whose value it changed in place. */
  mutates: Set<string>;
  deletes: Set<string>;
  /** Of the defined names, those that are imported things. */
  imports: Set<string>;
  /** Bound on some paths only, and known before: their old value may remain. */
  weak: Map<string, readonly number[]>;
  /** All direct dependencies, by unit. */
  dependsOn: Set<number>;
  /** Of these, the ones by files. */
  files: Set<number>;
  /** Of these, the ones by the state of the process: random numbers, folder, environment. */
  process: Set<number>;
  /** Changes of an object that several names lead to. */
  shared: Shared[];
  /** Names that lead to something else by now, but in whose old values it changed something. */
  ghosts: Set<string>;
  /** Names bound here whose values cannot be stored: open files, connections, iterators. */
  unstorable: Set<string>;
  saves: Saved[];
  metrics: FoundMetric[];
  scorings: Scoring[];
  /** It gives an experiment tracker something beside metrics: params, tags, files. */
  tellsTracker: boolean;
  features: Set<Feature>;
  /** It may bind names that its text does not show: `from m import *`, `exec(code)`. */
  bindsUnseen: boolean;
  /** It does so by `from m import *`. */
  importsAll: boolean;
  warnings: string[];
  errorLine: number | null;
  isEmpty: boolean;
}

export function newUnit(index: number, id: string, source: string): Unit {
  return {
    index,
    id,
    source,
    defines: new Set(),
    uses: new Map(),
    mutates: new Set(),
    deletes: new Set(),
    imports: new Set(),
    weak: new Map(),
    dependsOn: new Set(),
    files: new Set(),
    process: new Set(),
    shared: [],
    ghosts: new Set(),
    unstorable: new Set(),
    saves: [],
    metrics: [],
    scorings: [],
    tellsTracker: false,
    features: new Set(),
    bindsUnseen: false,
    importsAll: false,
    warnings: [],
    errorLine: null,
    isEmpty: false
  };
}
