import type { CellExecuted, CellExecution, HookRecord } from '@slipway/schema';
import { LiveExecutions, mergeExecutions } from './executions';

const SESSION = '00000000-0000-4000-8000-000000000000';
const NOTHING = { executionCount: 1, error: null, durationMs: 5, bound: [], deleted: [], read: [], scalars: {}, types: {}, metrics: [], data: [], packages: {}, peakMemoryBytes: null, mlflowRuns: [], impurities: [] };

function executed(executionId: string, second: number): CellExecuted {
  const startedAt = `2026-01-01T00:00:0${second}.000Z`;
  return { type: 'cell_executed', sessionId: SESSION, seq: second, at: startedAt, executionId, cellId: 'c', source: 'x', status: 'ok', startedAt, ...NOTHING };
}
function started(executionId: string, second: number): HookRecord {
  return { type: 'cell_started', sessionId: SESSION, seq: second, at: `2026-01-01T00:00:0${second}.000Z`, executionId, cellId: 'c', source: 'x' };
}
function stored(executionId: string, second: number, overrides: Partial<CellExecution> = {}): CellExecution {
  const { type: _t, seq: _s, at: _a, ...rest } = executed(executionId, second);
  return { ...rest, trialId: 't', hiddenState: [], ...overrides };
}
function live(...records: HookRecord[]): LiveExecutions {
  const all = new LiveExecutions();
  records.forEach(record => all.take(record));
  return all;
}

test('a record waits until the daemon has it', () => {
  const records = live(started('a', 1), executed('a', 1), executed('b', 2)).records;
  expect(mergeExecutions([], records, SESSION).map(row => [row.executionId, row.isWaiting])).toEqual([['b', true], ['a', true]]);
  expect(mergeExecutions([stored('a', 1)], records, SESSION).map(row => [row.executionId, row.isWaiting])).toEqual([['b', true], ['a', false]]);
});

test('a record that comes twice or late does not undo the end of a cell', () => {
  const [row] = mergeExecutions([], live(executed('a', 1), started('a', 1)).records, SESSION);
  expect(row!.status).toBe('ok');
});

test('the end seen live shows before the daemon tells it', () => {
  const [row] = mergeExecutions([stored('a', 1, { status: 'running' })], live(executed('a', 1)).records, SESSION);
  expect(row!.status).toBe('ok');
});
