import type { PipelineRun, StepRun } from '@slipway/schema';
import { spansOf } from './spans';

const ZERO = Date.parse('2026-03-01T00:00:00.000Z');
const at = (ms: number): string => new Date(ZERO + ms).toISOString();
const step = (name: string, over: Partial<StepRun>): StepRun => ({ name, status: 'waiting', startedAt: null, durationMs: null, ...over }) as StepRun;
const run = (steps: StepRun[], endedMs: number | null = null): PipelineRun => ({ createdAt: at(0), endedAt: endedMs === null ? null : at(endedMs), steps }) as PipelineRun;
const EDGES = [{ from: 'load', to: 'train' }];

test('a step waits from the end of the one before it to its own begin', () => {
  const spans = spansOf(run([step('load', { status: 'succeeded', startedAt: at(500), durationMs: 1_000 }), step('train', { status: 'succeeded', startedAt: at(4_000), durationMs: 2_000 })], 6_000), EDGES, ZERO + 99_000);
  expect(spans.map(({ readyMs, startMs, endMs }) => [readyMs, startMs, endMs])).toEqual([[0, 500, 1_500], [1_500, 4_000, 6_000]]);
});

test('what is queued waits until now; what steps before it still keep does not wait yet', () => {
  const spans = spansOf(run([step('load', { status: 'queued' }), step('train', {})]), EDGES, ZERO + 3_000);
  expect(spans.map(({ readyMs, startMs, endMs }) => [readyMs, startMs, endMs])).toEqual([[0, null, 3_000], [null, null, 0]]);
});

test('a step that runs goes on until now, and a person is waited for', () => {
  const spans = spansOf(run([step('load', { status: 'running', startedAt: at(1_000) }), step('sign off', { status: 'awaiting' })]), [], ZERO + 2_500);
  expect(spans.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([[1_000, 2_500], [null, 2_500]]);
});

test('a step left out neither waits nor runs', () => {
  const spans = spansOf(run([step('load', { status: 'succeeded', startedAt: at(0), durationMs: 10 }), step('train', { status: 'skipped' })], 20), EDGES, ZERO + 99_000);
  expect(spans[1]).toMatchObject({ readyMs: null, startMs: null });
});

test('behind a step that was left out one waits since what kept that one was over', () => {
  const steps = [step('load', { status: 'failed', startedAt: at(0), durationMs: 1_000 }), step('train', { status: 'skipped' }), step('tidy', { status: 'succeeded', startedAt: at(1_200), durationMs: 100 })];
  const spans = spansOf(run(steps, 1_300), [...EDGES, { from: 'train', to: 'tidy' }], ZERO + 99_000);
  expect(spans[2]).toMatchObject({ readyMs: 1_000, startMs: 1_200, endMs: 1_300 });
});
