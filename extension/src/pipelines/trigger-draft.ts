import type { Scalar, TriggerSource, TriggerSpec } from '@slipway/schema';

/** What a form lets one choose; of a query, where its database is. */
export type DraftKind = 'files' | 'objects' | 'pipeline' | 'event' | 'dataset' | 'git' | 'webhook' | 'sqlite' | 'postgres';

/** A source as a form has it: two texts, whose meaning is the kind's; what the form does not show stays in `before`. */
export interface SourceDraft {
  kind: DraftKind;
  texts: readonly [string, string];
  /** Seconds that a file must stay as it is, or between two looks; as typed. */
  seconds?: string;
  /** Values bound to a query, as JSON with commas between; as typed. */
  args?: string;
  before?: TriggerSource;
}

/** Any of the groups, all the sources of a group. */
export type WhenDraft = readonly (readonly SourceDraft[])[];

export const NEW_SOURCE: SourceDraft = { kind: 'files', texts: ['', ''] };

export function draftOf(when: TriggerSpec['when']): WhenDraft {
  return when.any.map(group => group.all.map(sourceDraftOf));
}

/** What the draft says; sources keep what the form does not show, unless they became another kind. */
export function whenOf(draft: WhenDraft): TriggerSpec['when'] {
  return { any: draft.map(group => ({ all: group.map(sourceOf) })) };
}

export function withSource(draft: WhenDraft, group: number, index: number, source: SourceDraft): WhenDraft {
  return draft.map((sources, g) => (g === group ? sources.map((each, i) => (i === index ? source : each)) : sources));
}

/** A group without sources is gone; the last source of all stays. */
export function withoutSource(draft: WhenDraft, group: number, index: number): WhenDraft {
  const left = draft.map((sources, g) => (g === group ? sources.filter((_, i) => i !== index) : sources)).filter(sources => sources.length > 0);
  return left.length === 0 ? draft : left;
}

/** The field of a source that each text is; the second may be none. */
const FIELDS: Record<DraftKind, readonly [string, string?]> = {
  files: ['glob'],
  objects: ['url', 'profile'],
  pipeline: ['pipeline', 'on'],
  event: ['type', 'subject'],
  dataset: ['path'],
  git: ['repository', 'branch'],
  webhook: ['verify', 'branch'],
  sqlite: ['sqlite', 'sql'],
  postgres: ['postgres', 'sql']
};

/** What a source has that says nothing of it. */
const DEFAULTS: Partial<Record<DraftKind, Record<string, unknown>>> = {
  files: { settleMs: 2_000 },
  objects: { everyMs: 30_000 },
  pipeline: { on: 'succeeded' },
  webhook: { verify: 'github' },
  sqlite: { args: [], everyMs: 60_000 },
  postgres: { args: [], everyMs: 60_000 }
};

/** The field that a kind's seconds are. */
const SECONDS: Partial<Record<DraftKind, 'settleMs' | 'everyMs'>> = { files: 'settleMs', objects: 'everyMs', sqlite: 'everyMs', postgres: 'everyMs' };

/** What the form says of a kind's seconds where its user has said nothing; null where it has none. */
export function secondsOf({ kind, seconds, before }: SourceDraft): string | null {
  const key = SECONDS[kind];
  return key === undefined ? null : (seconds ?? String(Number(keptOf(kind, before)[key] ?? DEFAULTS[kind]![key]) / 1_000));
}

/** The values bound to a query; null where it is none. */
export function argsOf({ kind, args, before }: SourceDraft): string | null {
  return kind === 'sqlite' || kind === 'postgres' ? (args ?? ((keptOf(kind, before).args ?? []) as Scalar[]).map(each => JSON.stringify(each)).join(', ')) : null;
}

/** Whether what was typed can be read. */
export function isReadable(source: SourceDraft): boolean {
  const [seconds, args] = [secondsOf(source), argsOf(source)];
  return (seconds === null || (seconds.trim() !== '' && Number(seconds) >= 0)) && (args === null || readArgs(args) !== null);
}

/** Scalars of JSON with commas between; null where they are none. */
function readArgs(text: string): Scalar[] | null {
  try {
    const values = JSON.parse(`[${text}]`) as unknown[];
    return values.every(each => each === null || typeof each !== 'object') ? (values as Scalar[]) : null;
  } catch {
    return null; // somebody is typing
  }
}

/** Where bindings find something, by what fires the trigger. */
export function pointersOf(when: WhenDraft): string[] {
  const found: Record<DraftKind, readonly string[]> = {
    files: ['/data/files/0'],
    objects: ['/data/objects/0'],
    pipeline: ['/data/runId', '/data/status', '/data/version', '/data/pipeline'],
    event: ['/data/subject', '/data/type', '/data/name', '/data/version'],
    dataset: ['/data/digest', '/data/path'],
    git: ['/data/commit', '/data/branch', '/data/before'],
    webhook: ['/data/after', '/data/ref'],
    sqlite: ['/data/rows/0/0'],
    postgres: ['/data/rows/0/0']
  };
  return [...new Set(when.flat().flatMap(source => found[source.kind]))];
}

function keptOf(kind: DraftKind, before: TriggerSource | undefined): Record<string, unknown> {
  return before && sourceDraftOf(before).kind === kind ? before : {};
}

export function sourceDraftOf(source: TriggerSource): SourceDraft {
  const kind: DraftKind = source.kind === 'query' ? ('postgres' in source && source.postgres !== undefined ? 'postgres' : 'sqlite') : source.kind;
  const fields = source as Record<string, unknown>;
  const textOf = (key: string | undefined): string => {
    const value = key === undefined ? '' : fields[key];
    return key === 'postgres' ? ((value as { secret?: string }).secret ?? '') : typeof value === 'string' ? value : '';
  };
  return { kind, texts: [textOf(FIELDS[kind][0]), textOf(FIELDS[kind][1])], before: source };
}

function sourceOf({ kind, texts, seconds, args, before }: SourceDraft): TriggerSource {
  const kept = keptOf(kind, before);
  const source: Record<string, unknown> = { ...DEFAULTS[kind], ...kept, kind: kind === 'sqlite' || kind === 'postgres' ? 'query' : kind };
  FIELDS[kind].forEach((key, i) => {
    const text = texts[i]!.trim();
    if (key === 'postgres') {
      // A URL from a file or a variable is named there; the form writes secrets of the database.
      source.postgres = text === '' ? kept.postgres : { secret: text };
    } else if (text !== '') {
      source[key!] = text;
    } else if (DEFAULTS[kind]?.[key!] === undefined) {
      delete source[key!];
    }
  });
  if (seconds !== undefined && SECONDS[kind] !== undefined) {
    source[SECONDS[kind]] = Math.round(Number(seconds) * 1_000);
  }
  if (args !== undefined && 'args' in source) {
    source.args = readArgs(args) ?? source.args;
  }
  return source as TriggerSource; // the daemon judges what is lacking, and says where
}
