import type { EngineEnd } from './driver';
import { judge } from './judge';

const ended = (end: EngineEnd) => judge({ phase: 'ended', end, message: 'It says so.' }, 'Slurm', '');

test('what is nobody’s fault may be tried again, what would only happen again may not', () => {
  const retried = (['out_of_memory', 'timeout', 'node_lost', 'preempted', 'cancelled', 'failed'] as const).map(end => [ended(end).error!.code, ended(end).error!.isRetryable]);
  expect(retried).toEqual([['out_of_memory', false], ['step_timeout', false], ['worker_lost', true], ['preempted', true], ['engine_cancelled', false], ['step_runner_failed', false]]);
});

test('a job that an engine forgot is lost; a runner’s last words are told', () => {
  expect(judge({ phase: 'gone' }, 'Ray', '').error).toMatchObject({ code: 'worker_lost', isRetryable: true });
  expect(judge({ phase: 'ended', end: 'failed', message: 'Exit 127.' }, 'Slurm', 'sh: node: not found').error!.message).toMatch(/Exit 127\.\nsh: node: not found$/);
});
