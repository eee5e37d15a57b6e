import type { Tx } from '../database';
import type { Events, NewEvent } from '../events';
import * as store from './store';
import type { EventType } from './tables';

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

/**
 * Turns the news of pipelines and trials into OpenLineage's run states, in the
 * transaction of the change: what is rolled back is told to nobody. Each try of
 * a step is a run of its own; the pipeline's run goes on through retries.
 */
export function createRecorder(deps: { events: Events; hasConsumer: boolean }) {
  const status = deps.hasConsumer ? ('pending' as const) : ('kept' as const);

  /** What was said of one subject, and what is now. */
  async function open(tx: Tx, subject: string) {
    const said: Said[] = (await store.eventsOf(tx, subject)).map(({ hasBody, ...event }) => ({ ...event, isSettled: hasBody }));
    const of = (job: Said['job'], step: string | null): Said[] => said.filter(e => e.job === job && e.step === step);
    const isOpen = (job: Said['job'], step: string | null): boolean => of(job, step).at(-1)?.type === 'START';
    const say = async (event: Omit<Said, 'isSettled'>): Promise<void> => {
      said.push({ ...event, isSettled: false });
      await store.insertEvent(tx, { ...event, subject, status, body: null, last_status: null, last_error: null, ended_at: null });
    };
    return {
      isOpen,
      openSteps: (): string[] => [...new Set(said.flatMap(e => e.step ?? []))].filter(step => isOpen('step', step)),
      last: (): Said | undefined => said.at(-1),
      async start(job: 'pipeline' | 'step', step: string | null): Promise<void> {
        if (!isOpen(job, step)) {
          await say({ job, step, attempt: of(job, step).filter(e => e.type === 'START').length + 1, type: 'START' });
        }
      },
      end: (job: 'pipeline' | 'step', step: string | null, type: EventType): Promise<void> => say({ job, step, attempt: of(job, step).at(-1)?.attempt ?? null, type }),
      tell: (type: EventType): Promise<void> => say({ job: 'trial', step: null, attempt: null, type })
    };
  }

  async function stepChanged(tx: Tx, runId: string, step: string, state: string): Promise<void> {
    const run = await open(tx, runId);
    const end = ENDS[state];
    if (state === 'running' || state === 'succeeded' || state === 'failed') {
      // One that came from the cache never ran: it starts and ends at once.
      await run.start('pipeline', null);
      await run.start('step', step);
    }
    if (run.isOpen('step', step) && (end !== undefined || state === 'queued')) {
      await run.end('step', step, end ?? 'FAIL'); // queued again: its worker is gone
    }
  }

  async function runEnded(tx: Tx, runId: string, type: EventType): Promise<void> {
    const run = await open(tx, runId);
    for (const step of run.openSteps()) {
      await run.end('step', step, 'ABORT');
    }
    if (run.isOpen('pipeline', null)) {
      await run.end('pipeline', null, type);
    }
  }

  /** A trial has happened when it is found; what joins it later adds to it. */
  async function trialChanged(tx: Tx, trialId: string): Promise<void> {
    const trial = await open(tx, trialId);
    const last = trial.last();
    if (last === undefined) {
      await trial.tell('START');
      await trial.tell('COMPLETE');
    } else if (last.type !== 'OTHER' || last.isSettled) {
      await trial.tell('OTHER'); // one that nobody has read yet will tell of this too
    }
  }

  async function take(tx: Tx, { type, subject, data = {} }: NewEvent): Promise<void> {
    // A run of version 0 is a proof, which is no run of the pipeline's yet.
    const isPipelines = typeof data.version === 'number' && data.version > 0;
    if (type === 'step.changed' && isPipelines) {
      await stepChanged(tx, subject, String(data.step), String(data.status));
    } else if (type === 'run.changed' && isPipelines && ENDS[String(data.status)]) {
      await runEnded(tx, subject, ENDS[String(data.status)]!);
    } else if (type === 'trial.changed' && typeof data.trialId === 'string') {
      await trialChanged(tx, data.trialId);
    }
  }

  return {
    ...deps.events,
    async append(tx: Tx, list: readonly NewEvent[]): Promise<void> {
      await deps.events.append(tx, list);
      for (const event of list) {
        await take(tx, event);
      }
    }
  } satisfies Events;
}
