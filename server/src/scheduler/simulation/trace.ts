import { Resources } from '@slipway/schema';
import { InvalidInput } from '../../core/errors';
import type { TracedJob } from '../policy';

const GIB = 2 ** 30;

/** The columns of a CSV trace; only the first two are needed. */
export const CSV_COLUMNS = ['submit_s', 'run_s', 'id', 'project', 'priority', 'preemptible', 'cpus', 'memory_gib', 'gpus', 'gpu_types', 'ranks', 'limit_s', 'after'] as const;

/**
 * Reads a trace in CSV (a header names the columns) or in the Standard Workload
 * Format (lines of 18 numbers, comments with `;`), told apart by the first line.
 *
 * @throws {InvalidInput} with the line
 */
export function readTrace(text: string): TracedJob[] {
  const lines = text.split(/\r?\n/);
  const first = lines.find(line => line.trim() !== '') ?? '';
  const jobs = /^\s*(;|-?\d+\s+-?\d)/.test(first) ? readSwf(lines) : readCsv(lines);
  if (jobs.length === 0) {
    throw new InvalidInput('empty_trace', 'The trace has no jobs.');
  }
  const unique = new Set(jobs.map(j => j.id));
  if (unique.size < jobs.length) {
    throw new InvalidInput('invalid_trace', 'Two jobs of the trace have one id.');
  }
  return jobs;
}

function readCsv(lines: readonly string[]): TracedJob[] {
  const columns = (lines[0] ?? '').split(',').map(c => c.trim());
  const unknown = columns.find(c => !(CSV_COLUMNS as readonly string[]).includes(c));
  if (unknown !== undefined || !columns.includes('submit_s') || !columns.includes('run_s')) {
    throw new InvalidInput('invalid_trace', `Line 1: ${unknown === undefined ? 'the columns submit_s and run_s are needed' : `the column ${unknown || '(empty)'} is not known`}. Known: ${CSV_COLUMNS.join(', ')}.`);
  }
  return lines.slice(1).flatMap((line, i) => {
    if (line.trim() === '') {
      return [];
    }
    const cells = line.split(',');
    const text = (name: (typeof CSV_COLUMNS)[number]): string => cells[columns.indexOf(name)]?.trim() ?? '';
    const number = (name: (typeof CSV_COLUMNS)[number], other: number): number => {
      const value = text(name) === '' ? other : Number(text(name));
      if (!Number.isFinite(value)) {
        throw new InvalidInput('invalid_trace', `Line ${i + 2}: ${name} is not a number: ${text(name)}`);
      }
      return value;
    };
    const runMs = Math.max(1, number('run_s', 0) * 1_000);
    return [
      {
        ...{ id: text('id') || `line ${i + 2}`, project: text('project') || 'default', priority: number('priority', 0), isPreemptible: ['1', 'true', 'yes'].includes(text('preemptible')), array: null },
        submittedAt: number('submit_s', 0) * 1_000,
        runMs,
        estimateMs: Math.max(runMs, number('limit_s', runMs / 1_000) * 1_000),
        after: text('after').split(' ').filter(Boolean),
        demand: resources(i + 2, {
          cpus: number('cpus', 1),
          memoryBytes: Math.max(1, Math.round(number('memory_gib', 1) * GIB)),
          gpus: number('gpus', 0),
          gpuTypes: text('gpu_types').split('|').filter(Boolean),
          ranks: number('ranks', 1)
        })
      }
    ];
  });
}

/** Fields by number: 1 id, 2 submit, 4 run time, 5 and 8 processors, 9 requested time, 12 user. */
function readSwf(lines: readonly string[]): TracedJob[] {
  return lines.flatMap((line, i) => {
    const fields = line.trim().split(/\s+/).map(Number);
    if (line.trim() === '' || line.trim().startsWith(';')) {
      return [];
    }
    if (fields.length < 12 || fields.some(f => !Number.isFinite(f))) {
      throw new InvalidInput('invalid_trace', `Line ${i + 1}: a line of the Standard Workload Format has 18 numbers.`);
    }
    const [id, submit, , run, allocated, , , requested, limit, , , user] = fields as [number, number, number, number, number, number, number, number, number, number, number, number];
    const ranks = requested > 0 ? requested : allocated;
    if (run <= 0 || ranks <= 0) {
      return []; // cancelled before it ran
    }
    const demand = resources(i + 1, { cpus: 1, memoryBytes: 1, ranks });
    return [{ ...{ id: String(id), project: `user ${user}`, priority: 0, isPreemptible: false, array: null, after: [] }, submittedAt: submit * 1_000, runMs: run * 1_000, estimateMs: Math.max(run, limit) * 1_000, demand }];
  });
}

function resources(line: number, asked: Record<string, unknown>): Resources {
  const read = Resources.safeParse(asked);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new InvalidInput('invalid_trace', `Line ${line}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  return read.data;
}
