import type { PipelineRun } from '@slipway/schema';
import { print } from './output';

/** A run as `--json` prints it: the fields the contract names, and no more. */
export function summaryOf(run: PipelineRun) {
  const { runId, mlflowRunId, pipeline, version, status, params, metrics, models } = run;
  const steps = run.steps.map(({ name, status, cached, attempts, durationMs, pid, error }) => ({ name, status, cached, attempts, durationMs, pid, ...(error && { error }) }));
  return { runId, mlflowRunId, pipeline, version, status, params, metrics, models, steps };
}

export function isOver(run: PipelineRun): boolean {
  return run.status === 'succeeded' || run.status === 'failed' || run.status === 'cancelled';
}

/** A run for people: its steps, then what came of it. */
export function printRun(run: PipelineRun): void {
  print(`${run.pipeline} version ${run.version}, run ${run.runId}: ${run.status}${run.durationMs === null ? '' : ` in ${seconds(run.durationMs)}`}`);
  for (const step of run.steps) {
    const how = step.cached ? 'from the cache' : step.durationMs === null ? '' : seconds(step.durationMs);
    print(`  ${step.status.padEnd(10)} ${step.name}  ${how}${step.attempts > 1 ? `, attempt ${step.attempts}` : ''}`.trimEnd());
    if (step.error) {
      print(`             ${step.error.cellId === null ? '' : `cell ${step.error.cellId}: `}${step.error.message}`);
    }
  }
  Object.entries(run.metrics).forEach(([name, value]) => print(`  ${name} = ${value}`));
  run.models.forEach(model => print(`  model ${model.name} version ${model.version}`));
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
