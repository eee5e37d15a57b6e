import type { LiveMetric, StepUsage } from '@slipway/kernels-bridge';
import type { Events } from '../events';
import { whenDatabaseIsBack, type JobRow, type Scheduler } from '../scheduler';
import type { FindingNews, NamedFinding, TrainingRules, Watched } from '../training-rules';
import { parseLogKey } from './advance';
import { stepAt, type LiveRun } from './live-run';
import type { RunNews } from './run-news';

interface Place {
  run: LiveRun;
  watched: Watched;
}

/**
 * Holds the training rules of steps against what they tell while they run. A
 * finding is news of the run; one whose rule says so ends the step.
 */
export function createRuleWatch(deps: { events: Events; scheduler: Pick<Scheduler, 'fail'>; news: RunNews; trainingRules: TrainingRules; look: (runId: string) => Promise<LiveRun | undefined> }) {
  const { trainingRules } = deps;
  /** By job: what is watched of it, null where nothing is, and the batches before, for they are judged in their order. */
  const known = new Map<string, { attempt: number; place: Promise<Place | null>; last: Promise<void> }>();

  /** Looked up once an attempt: a run may be another daemon's, and samples come every few seconds. */
  function entryOf(job: JobRow) {
    let entry = known.get(job.id);
    if (entry?.attempt !== job.attempt) {
      entry = { attempt: job.attempt, place: placeOf(job), last: Promise.resolve() };
      entry.place.catch(() => known.delete(job.id)); // looked up again with the next batch
      known.set(job.id, entry);
    }
    return entry;
  }

  async function placeOf(job: JobRow): Promise<Place | null> {
    const { runId, ordinal, index } = parseLogKey(job.log_key);
    const run = await deps.look(runId);
    const step = run && stepAt(run, ordinal);
    const rules = step?.node.options.rules ?? [];
    return run && step && rules.length > 0 ? { run, watched: { jobId: job.id, attempt: job.attempt, runId, step: step.name, item: index, rules, memoryBytes: job.spec.limits.memoryBytes } } : null;
  }

  function newsOf(run: LiveRun): FindingNews {
    return {
      async found(tx, { runId, step }, findings) {
        await deps.events.append(tx, findings.map(({ rule, metric, message }) => ({ type: 'training.finding', subject: runId, data: { pipeline: run.row.pipeline, version: run.row.version, step, kind: rule.kind, action: rule.action, metric, message } })));
        for (const { metric, message } of findings) {
          await deps.news.tell(tx, run, 'finding', step, `${metric}: ${message}`);
        }
      }
    };
  }

  function inOrder(job: JobRow, judge: (watched: Watched) => NamedFinding[]): Promise<void> {
    const entry = entryOf(job);
    entry.last = entry.last.catch(() => undefined).then(async () => {
      const place = await entry.place;
      const findings = place ? judge(place.watched) : [];
      if (!place || findings.length === 0) {
        return;
      }
      await whenDatabaseIsBack(() => trainingRules.keep(place.watched, findings, newsOf(place.run)));
      const worst = findings.find(f => f.rule.action === 'stop');
      if (worst) {
        deps.scheduler.fail(job.id, 'training_rule', `Stopped by the rule ${worst.rule.kind} on ${worst.metric}. ${worst.message}`);
      }
    });
    return entry.last;
  }

  return {
    measured: (job: JobRow, points: readonly LiveMetric[]): Promise<void> => inOrder(job, watched => trainingRules.heard(watched, points)),
    sampled: (job: JobRow, usage: StepUsage): Promise<void> => inOrder(job, watched => trainingRules.sampled(watched, usage)),
    /** The job is over, starts again, or is told of once more from its start. */
    forget(jobId: string): void {
      known.delete(jobId);
      trainingRules.forget(jobId);
    }
  };
}
