import type { Insertable } from 'kysely';
import type { Tx } from '../database';
import type { Events, NewEvent } from '../events';
import * as store from './store';
import type { EventType, OpenLineageEventTable } from './tables';

const MOST_REMEMBERED = 2_000;

/** What became of a step of a pipeline run, as its news say. */
const ENDS: Record<string, EventType> = { succeeded: 'COMPLETE', failed: 'FAIL', cancelled: 'ABORT' };

interface Said {
  job: 'pipeline' | 'step' | 'trial';
  step: string | null;
  attempt: number | null;
  type: EventType;
  /** What it says is fixed: somebody was told. */
  isSettled: boolean;
}

type Known = Awaited<ReturnType<typeof store.eventsOf>>[number];

/** What was said of one subject, and what is to be said now. */
function bookOf(subject: string, said: Said[], isNew: (event: Omit<Said, 'isSettled'> & { subject: string }) => void) {
  const of = (job: Said['job'], step: string | null): Said[] => said.filter(e => e.job === job && e.step === step);
  const isOpen = (job: Said['job'], step: string | null): boolean => of(job, step).at(-1)?.type === 'START';
  const say = (event: Omit<Said, 'isSettled'>): void => {
    said.push({ ...event, isSettled: false });
    isNew({ ...event, subject });
  };
  return {
    isOpen,
    openSteps: (): string[] => [...new Set(said.flatMap(e => e.step ?? []))].filter(step => isOpen('step', step)),
    last: (): Said | undefined => said.at(-1),
    start(job: 'pipeline' | 'step', step: string | null): void {
      if (!isOpen(job, step)) {
        say({ job, step, attempt: of(job, step).filter(e => e.type === 'START').length + 1, type: 'START' });
      }
    },
    end: (job: 'pipeline' | 'step', step: string | null, type: EventType): void => say({ job, step, attempt: of(job, step).at(-1)?.attempt ?? null, type }),
    tell: (type: EventType): void => say({ job: 'trial', step: null, attempt: null, type })
  };
}
type Book = ReturnType<typeof bookOf>;

/** What a piece of news says, and of whom; null where it says nothing. */
function readingOf({ type, subject, data = {} }: NewEvent): { subject: string; note(book: Book): void } | null {
  // A run of version 0 is a proof, which is no run of the pipeline's yet.
  const isPipelines = typeof data.version === 'number' && data.version > 0;
  const status = String(data.status);
  if (type === 'step.changed' && isPipelines) {
    return { subject, note: book => stepChanged(book, String(data.step), status) };
  }
  if (type === 'run.changed' && isPipelines && ENDS[status]) {
    return { subject, note: book => runEnded(book, ENDS[status]!) };
  }
  return type === 'trial.changed' && typeof data.trialId === 'string' ? { subject: data.trialId, note: trialChanged } : null;
}

function stepChanged(run: Book, step: string, state: string): void {
  const end = ENDS[state];
  if (state === 'running' || state === 'succeeded' || state === 'failed') {
    // One that came from the cache never ran: it starts and ends at once.
    run.start('pipeline', null);
    run.start('step', step);
  }
  if (run.isOpen('step', step) && (end !== undefined || state === 'queued')) {
    run.end('step', step, end ?? 'FAIL'); // queued again: its worker is gone
  }
}

function runEnded(run: Book, type: EventType): void {
  for (const step of run.openSteps()) {
    run.end('step', step, 'ABORT');
  }
  if (run.isOpen('pipeline', null)) {
    run.end('pipeline', null, type);
  }
}

/** A trial has happened when it is found; what joins it later adds to it. */
function trialChanged(trial: Book): void {
  const last = trial.last();
  if (last === undefined) {
    trial.tell('START');
    trial.tell('COMPLETE');
  } else if (last.type !== 'OTHER' || last.isSettled) {
    trial.tell('OTHER'); // one that nobody has read yet will tell of this too
  }
}

/** What was said of runs lately; what of it was rolled back, or said elsewhere, shows by the number of events there are. */
function createMemory() {
  const said = new Map<string, readonly Known[]>();
  return {
    get: (subject: string): readonly Known[] | undefined => said.get(subject),
    set(subject: string, events: readonly Known[]): void {
      said.delete(subject);
      // A run that ended is seldom told of again, and what a trial is told next hangs on who has read of it.
      if (isUnderWay(events)) {
        said.set(subject, events);
      }
      if (said.size > MOST_REMEMBERED) {
        said.delete(said.keys().next().value!);
      }
    }
  };
}

const isUnderWay = (events: readonly Known[]): boolean => events.findLast(e => e.job === 'pipeline')?.type === 'START';

const toKnown = ({ subject, job, step, attempt, type }: Insertable<OpenLineageEventTable>): Known => ({ subject, job, step: step ?? null, attempt: attempt ?? null, type, hasBody: false });

/**
 * Turns the news of pipelines and trials into OpenLineage's run states, in the
 * transaction of the change: what is rolled back is told to nobody. Each try of
 * a step is a run of its own; the pipeline's run goes on through retries.
 */
export function createRecorder(deps: { events: Events; hasConsumer: boolean }) {
  const status = deps.hasConsumer ? ('pending' as const) : ('kept' as const);
  const memory = createMemory();

  return {
    ...deps.events,
    async append(tx: Tx, list: readonly NewEvent[]): Promise<void> {
      await deps.events.append(tx, list);
      const readings = list.flatMap(event => readingOf(event) ?? []);
      if (readings.length === 0) {
        return;
      }
      const subjects = [...new Set(readings.map(r => r.subject))];
      const noted = (before: readonly Known[]): Insertable<OpenLineageEventTable>[] => {
        const fresh: Insertable<OpenLineageEventTable>[] = [];
        const isNew: Parameters<typeof bookOf>[2] = event => void fresh.push({ ...event, status, body: null, last_status: null, last_error: null, ended_at: null });
        const books = new Map(subjects.map(subject => [subject, bookOf(subject, before.filter(e => e.subject === subject).map(({ hasBody, subject: _subject, ...event }) => ({ ...event, isSettled: hasBody })), isNew)]));
        readings.forEach(({ subject, note }) => note(books.get(subject)!));
        return fresh;
      };
      const remembered = subjects.length === 1 ? memory.get(subjects[0]!) : undefined;
      if (remembered) {
        const fresh = noted(remembered);
        if (fresh.length > 0 && (await store.insertEventsAfter(tx, subjects[0]!, remembered.length, fresh))) {
          memory.set(subjects[0]!, [...remembered, ...fresh.map(toKnown)]);
          return;
        }
      }
      const before = await store.eventsOf(tx, subjects);
      const fresh = noted(before);
      subjects.forEach(subject => memory.set(subject, [...before, ...fresh.map(toKnown)].filter(e => e.subject === subject)));
      await store.insertEvents(tx, fresh);
    }
  } satisfies Events;
}
