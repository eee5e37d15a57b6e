import type { Scalar } from '@slipway/schema';
import { createHash } from 'node:crypto';
import { InvalidInput } from '../core/errors';
import { findConstants } from './constants';
import { closure } from './graph';
import { hiddenIn } from './hidden-state';
import { createInterpreter, type Interpreter } from './interpret/interpreter';
import type { Unit } from './interpret/unit';
import { createParser, type ParsedCell } from './source/parsed-cell';
import { normalizedCell } from './source/normalize';

/** One execution of one cell, as a kernel's hook recorded it. */
export interface CellRun {
  executionId: string;
  cellId: string | null;
  source: string;
  bound: readonly string[];
  read: readonly string[];
  deleted: readonly string[];
  status: 'ok' | 'error' | 'aborted';
}

/** What an execution truly rested on in a live session. */
export interface ExecutionSlice {
  /** In order of execution, the sliced one among them. */
  executionIds: string[];
  /** Those that made what was measured, and do not only measure it. */
  coreIds: string[];
  /** Scalar constants of the slice. */
  params: Record<string, Scalar>;
  /** Same key: the same executions produced what was measured. */
  coreKey: string;
  /** Same key: the same code with the same params. */
  groupKey: string;
  /** Where a run from top to bottom would have given something else, in words. */
  hidden: string[];
}

/**
 * Slices sessions; sources it has read and the sessions it walked last are
 * remembered, so that one more execution costs only its own walk.
 */
export function createSlicer(limit = 8) {
  const parse = createParser();
  const sessions: { ids: string[]; interpreter: Interpreter; cells: ParsedCell[] }[] = [];

  function sessionFor(runs: readonly CellRun[]): (typeof sessions)[number] {
    const at = sessions.findIndex(s => s.ids.length <= runs.length && s.ids.every((id, i) => id === keyOf(runs[i]!)));
    const session = at >= 0 ? sessions.splice(at, 1)[0]! : { ids: [], interpreter: createInterpreter(), cells: [] };
    for (const run of runs.slice(session.ids.length)) {
      const cell = parse(run.status === 'aborted' ? '' : run.source);
      session.ids.push(keyOf(run));
      session.cells.push(cell);
      session.interpreter.run({ id: run.executionId, cell, bound: run.bound, deleted: run.deleted, hasFailed: run.status === 'error' });
    }
    sessions.unshift(session);
    sessions.length = Math.min(sessions.length, limit);
    return session;
  }

  return {
    /**
     * The dynamic backward slice of one execution.
     * @param executions in the order they ran; those after the sliced one do not matter
     * @param order cell ids in document order where known, for the words on hidden state
     * @throws InvalidInput `unknown_execution`
     */
    slice(executions: readonly CellRun[], executionId: string, order?: readonly string[]): ExecutionSlice {
      const target = executions.findIndex(e => e.executionId === executionId);
      if (target < 0) {
        throw new InvalidInput('unknown_execution', `There is no execution ${executionId} in the session.`);
      }
      const runs = executions.slice(0, target + 1);
      const { interpreter, cells } = sessionFor(runs);
      const { units } = interpreter.world;
      const needed = closure(units, [target]);
      const core = needed.filter(u => !onlyMeasures(units[u]!));
      const counted = core.length > 0 ? core : needed;
      const constants = findConstants(needed.map(u => ({ id: runs[u]!.executionId, tree: cells[u]!.tree })));
      return {
        executionIds: needed.map(u => runs[u]!.executionId),
        coreIds: counted.map(u => runs[u]!.executionId),
        params: Object.fromEntries(constants.map(c => [c.name, c.value])),
        coreKey: hash(counted.map(u => runs[u]!.executionId)),
        groupKey: hash(counted.map(u => normalizedCell(cells[u]!))),
        hidden: hiddenIn(runs, units, needed, order)
      };
    }
  };
}

/** One slice on its own. @throws InvalidInput `unknown_execution` */
export function sliceExecutions(executions: readonly CellRun[], executionId: string, order?: readonly string[]): ExecutionSlice {
  return createSlicer().slice(executions, executionId, order);
}

/** The same key: walked before with the same outcome. */
function keyOf(run: CellRun): string {
  return `${run.executionId} ${run.status} ${run.bound.length} ${run.deleted.length}`;
}

/** It applies what others made and shows how good it is, and makes nothing that is measured. */
function onlyMeasures(unit: Unit): boolean {
  const { features } = unit;
  const isMeasuring = unit.metrics.length > 0 || features.has('predict');
  return isMeasuring && !features.has('train') && !features.has('build') && !features.has('fitTransformer') && !features.has('load') && unit.mutates.size === 0;
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
