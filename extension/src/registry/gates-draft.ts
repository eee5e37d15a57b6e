import { ModelGates } from '@slipway/schema';

/** Gates as one types them: every number is still text. */
export interface GatesDraft {
  thresholds: { metric: string; comparator: ModelGates['thresholds'][number]['comparator']; value: string }[];
  notWorse: NotWorseDraft[];
  tags: { key: string; value: string }[];
  tests: string[];
  maxSizeMb: string;
  latencyMs: string;
  latencyRequests: string;
  requireSignature: boolean;
  requireApproval: boolean;
  selfApproval: boolean;
}
export interface NotWorseDraft {
  metric: string;
  direction: 'higher' | 'lower';
  tolerance: string;
  slices: 'none' | 'all' | 'some';
  /** Separated by commas, where `slices` is `some`. */
  columns: string;
  minRows: string;
}
/** Why a field cannot be taken. */
export type DraftProblem = 'needed' | 'number' | 'negative' | 'whole' | 'test_name' | 'requests';

const BYTES_PER_MB = 1_000_000;
const TEST_NAME = /^[\w.\- /]{1,200}$/u;

export function draftOf(gates: ModelGates): GatesDraft {
  return {
    thresholds: gates.thresholds.map(t => ({ ...t, value: String(t.value) })),
    notWorse: gates.notWorseThanChampion.map(n => ({
      metric: n.metric,
      direction: n.direction,
      tolerance: n.tolerance === 0 ? '' : String(n.tolerance),
      slices: Array.isArray(n.slices) ? 'some' : n.slices ? 'all' : 'none',
      columns: Array.isArray(n.slices) ? n.slices.join(', ') : '',
      minRows: n.minRows === null ? '' : String(n.minRows)
    })),
    tags: gates.requiredTags.map(t => ({ key: t.key, value: t.value ?? '' })),
    tests: [...gates.requiredTests],
    maxSizeMb: gates.maxSizeBytes === null ? '' : String(gates.maxSizeBytes / BYTES_PER_MB),
    latencyMs: gates.latency === null ? '' : String(gates.latency.p95Ms),
    latencyRequests: gates.latency === null ? '' : String(gates.latency.requests),
    requireSignature: gates.requireSignature,
    requireApproval: gates.requireApproval,
    selfApproval: gates.selfApproval
  };
}

/** The draft as gates; null with what is wrong, by the path of its field (`thresholds.0.value`), where a field cannot be taken. */
export function readDraft(draft: GatesDraft): { gates: ModelGates | null; problems: ReadonlyMap<string, DraftProblem> } {
  const reader = new FieldReader();
  const latencyMs = reader.optional('latencyMs', draft.latencyMs, { above: 0 });
  const input = {
    thresholds: draft.thresholds.map((t, at) => ({ metric: reader.text(`thresholds.${at}.metric`, t.metric), comparator: t.comparator, value: reader.number(`thresholds.${at}.value`, t.value) })),
    notWorseThanChampion: draft.notWorse.map((n, at) => readNotWorse(reader, n, `notWorse.${at}`)),
    requiredTags: draft.tags.map((t, at) => ({ key: reader.text(`tags.${at}.key`, t.key), ...(t.value !== '' && { value: t.value }) })),
    requiredTests: draft.tests.map((name, at) => reader.testName(`tests.${at}`, name)),
    maxSizeBytes: toBytes(reader.optional('maxSizeMb', draft.maxSizeMb, { above: 0 })),
    latency: latencyMs === null ? null : { p95Ms: latencyMs, requests: reader.requests('latencyRequests', draft.latencyRequests) },
    requireSignature: draft.requireSignature,
    requireApproval: draft.requireApproval,
    selfApproval: draft.selfApproval
  };
  return { gates: reader.problems.size === 0 ? ModelGates.parse(input) : null, problems: reader.problems };
}

function readNotWorse(reader: FieldReader, draft: NotWorseDraft, path: string): ModelGates['notWorseThanChampion'][number] {
  const columns = draft.columns.split(',').map(column => column.trim()).filter(column => column !== '');
  if (draft.slices === 'some' && columns.length === 0) {
    reader.text(`${path}.columns`, '');
  }
  return {
    metric: reader.text(`${path}.metric`, draft.metric),
    direction: draft.direction,
    tolerance: reader.optional(`${path}.tolerance`, draft.tolerance, { least: 0 }) ?? 0,
    slices: draft.slices === 'some' ? columns : draft.slices === 'all',
    minRows: draft.slices === 'none' ? null : reader.optional(`${path}.minRows`, draft.minRows, { above: 0, isWhole: true })
  };
}

/** Reads fields and collects what is wrong with them, to be told all at once. */
class FieldReader {
  readonly problems = new Map<string, DraftProblem>();

  text(path: string, text: string): string {
    if (text.trim() === '') {
      this.problems.set(path, 'needed');
    }
    return text.trim();
  }

  testName(path: string, text: string): string {
    const name = this.text(path, text);
    if (name !== '' && !TEST_NAME.test(name)) {
      this.problems.set(path, 'test_name');
    }
    return name;
  }

  number(path: string, text: string): number {
    const value = this.optional(path, text, {});
    if (text.trim() === '') {
      this.problems.set(path, 'needed');
    }
    return value ?? NaN;
  }

  /** null where nothing is written. */
  optional(path: string, text: string, { above, least, isWhole = false }: { above?: number; least?: number; isWhole?: boolean }): number | null {
    if (text.trim() === '') {
      return null;
    }
    const value = Number(text.trim());
    if (!Number.isFinite(value)) {
      this.problems.set(path, 'number');
    } else if ((above !== undefined && value <= above) || (least !== undefined && value < least)) {
      this.problems.set(path, 'negative');
    } else if (isWhole && !Number.isInteger(value)) {
      this.problems.set(path, 'whole');
    }
    return value;
  }

  requests(path: string, text: string): number {
    const value = this.optional(path, text, { isWhole: true }) ?? 50;
    if (!this.problems.has(path) && (value < 10 || value > 1_000)) {
      this.problems.set(path, 'requests');
    }
    return value;
  }
}

function toBytes(megabytes: number | null): number | null {
  return megabytes === null ? null : Math.max(1, Math.round(megabytes * BYTES_PER_MB));
}
