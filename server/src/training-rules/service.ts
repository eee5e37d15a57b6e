import { createHash } from 'node:crypto';
import { toMetricValue, type TrainingFinding, type TrainingRule } from '@slipway/schema';
import type { Db, Tx } from '../database';
import type { Finding } from './finding';
import { createRuleBook, type Usage } from './rule-book';
import * as store from './store';
import type { TrainingFindingRow } from './tables';

/** An attempt of a step whose training is watched. */
export interface Watched {
  jobId: string;
  attempt: number;
  runId: string;
  step: string;
  item: number | null;
  rules: readonly TrainingRule[];
  memoryBytes: number;
}

/** A finding with the id it is kept under: the same whenever this attempt is judged, also by another daemon. */
export type NamedFinding = Finding & { id: string };

/** What is told beside the findings themselves; in the transaction that keeps them. */
export interface FindingNews {
  found(tx: Tx, watched: Watched, findings: readonly Finding[]): Promise<void>;
}

export type TrainingRules = ReturnType<typeof createTrainingRules>;

/** Holds the rules of what trains here against its metrics as they come. */
export function createTrainingRules(deps: { db: Db }) {
  const { db } = deps;
  const books = new Map<string, { attempt: number; book: ReturnType<typeof createRuleBook> }>();

  function bookOf({ jobId, attempt, rules, memoryBytes }: Watched): ReturnType<typeof createRuleBook> {
    const known = books.get(jobId);
    if (known?.attempt === attempt) {
      return known.book;
    }
    const book = createRuleBook(rules, { memoryBytes });
    books.set(jobId, { attempt, book });
    return book;
  }

  const named = (watched: Watched, findings: readonly Finding[]): NamedFinding[] => findings.map(finding => ({ id: idOf(watched, finding), ...finding }));

  return {
    /** Metrics in the order they were measured; gives what rules found in them, each once. */
    heard: (watched: Watched, points: readonly { name: string; step: number; value: number }[]): NamedFinding[] => named(watched, bookOf(watched).hear(points)),
    /** What the step uses of the machine; as `heard`. */
    sampled: (watched: Watched, usage: Usage): NamedFinding[] => named(watched, bookOf(watched).sampled(usage)),
    /** Stores findings and tells those that nobody found before; may be called again for the same ones. */
    async keep(watched: Watched, findings: readonly NamedFinding[], news: FindingNews): Promise<void> {
      await db.transaction().execute(async tx => {
        const fresh = await store.insertFindings(tx, findings.map(finding => toRow(watched, finding)));
        if (fresh.length > 0) {
          await news.found(tx, watched, findings.filter(f => fresh.includes(f.id)));
        }
      });
    },
    /** The job is over, starts again, or is told of once more from its start. */
    forget: (jobId: string): boolean => books.delete(jobId),
    list: async (runId: string): Promise<{ items: TrainingFinding[] }> => ({ items: (await store.findingsOf(db, runId)).map(toFinding) })
  };
}

/** A UUID made of the attempt and what was found in it. */
function idOf({ jobId, attempt }: Watched, { rule, metric }: Finding): string {
  const hex = createHash('sha256').update(JSON.stringify([jobId, attempt, rule, metric])).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

function toRow({ runId, step, item, attempt }: Watched, { id, rule, metric, message, evidence }: NamedFinding) {
  const told = evidence.map(({ value, ...point }) => ({ ...point, value: toMetricValue(value) }));
  return { id, run_id: runId, step, item, attempt, rule: JSON.stringify(rule), metric, message, evidence: JSON.stringify(told) };
}

function toFinding({ id, step, item, attempt, rule, metric, message, evidence, found_at }: TrainingFindingRow): TrainingFinding {
  return { id, step, item, attempt, rule, metric, message, evidence, foundAt: found_at.toISOString() };
}
