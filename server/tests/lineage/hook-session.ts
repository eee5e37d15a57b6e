import { randomUUID } from 'node:crypto';
import type { CellExecuted } from '@slipway/schema';
import type { RunningApp } from '../running-app';

type Cell = { id: string; source: string } & Partial<Pick<CellExecuted, 'data' | 'metrics' | 'bound' | 'read' | 'mlflowRuns' | 'startedAt' | 'packages'>>;

export const read = (path: string, digest: string | null) => ({ path, mode: 'read' as const, digest, sizeBytes: 10 });
export const wrote = (path: string, digest: string) => ({ path, mode: 'write' as const, digest, sizeBytes: 10 });
export const metric = (name: string, value: number) => ({ name, value, step: 0, line: 1, loop: {} });
/** A digest one can read: `sha('a')`. */
export const sha = (letter: string): string => letter.repeat(64);

/** A kernel's session as its hook tells it over HTTP: each cell a minute after the one before. */
export function hookSession(app: Pick<RunningApp, 'call'>, notebookPath: string, startedAt = new Date('2026-03-01T10:00:00.000Z')) {
  const sessionId = randomUUID();
  let seq = 0;
  const at = (): string => new Date(startedAt.getTime() + seq * 60_000).toISOString();
  const send = async (records: object[]): Promise<void> => {
    const { status, body } = await app.call('POST', '/hook-records', { records });
    if (status !== 200) {
      throw new Error(JSON.stringify(body));
    }
  };
  return {
    sessionId,
    async run(...cells: Cell[]): Promise<void> {
      const started = { type: 'session_started', sessionId, seq: 0, at: at(), kernelId: 'k', language: 'python', notebookPath, cwd: '/', pid: 1, python: null, tokenSha256: null, user: 'ada', host: 'elsewhere' };
      const executed = cells.map(cell => {
        seq += 1;
        const common = { scalars: {}, types: {}, metrics: [], data: [], packages: {}, mlflowRuns: [], impurities: [], bound: [], deleted: [], read: [] };
        const { id, ...rest } = cell;
        return { type: 'cell_executed', sessionId, seq, at: at(), executionId: randomUUID(), cellId: id, executionCount: seq, status: 'ok', error: null, startedAt: at(), durationMs: 10, peakMemoryBytes: null, ...common, ...rest };
      });
      await send([...(seq === cells.length ? [started] : []), ...executed]);
    },
    async trials(): Promise<{ id: string; ordinal: number }[]> {
      return (await app.call('GET', `/sessions/${sessionId}/trials`)).body.items as { id: string; ordinal: number }[];
    },
    async end(): Promise<void> {
      seq += 1;
      await send([{ type: 'session_ended', sessionId, seq, at: at() }]);
    }
  };
}
