import type { BlobStore } from '@slipway/kernels-bridge';
import type { Notebook, NotebookRunQuery, PipelineRun, StartNotebookRun } from '@slipway/schema';
import { basename, dirname, extname } from 'node:path';
import { InvalidInput } from '../core/errors';
import { personName } from '../core/person-name';
import type { Db } from '../database';
import { cellIdOf, draft, sourceOf } from '../notebooks';
import { contentHash, withOptions, type PipelineContent } from './content';
import type { CheckOptions } from './definitions';
import { collectLocalModules } from './local-modules';
import { NO_OPTIONS } from './options';
import type { NewRun, Orchestrator } from './orchestrator';
import { readNotebook, resolvePath } from './notebook-source';
import { decodeCursor, pageOfRows } from './paging';
import { insertContent, listNotebookRuns } from './run-store';
import { DEFAULT_LIMITS } from './step-job';
import type { RunRow } from './tables';

export interface NotebookRunDeps {
  db: Db;
  blobs: BlobStore;
  orchestrator: Pick<Orchestrator, 'start'>;
  /** What this machine has in all. */
  capacity(): { cpus: { total: number }; memoryBytes: { total: number }; gpus: readonly unknown[] };
  /** @throws InvalidInput `kernel_not_found`, `kernel_not_python` */
  checkKernel(name: string): Promise<void>;
  checkOptions: CheckOptions;
  show(rows: RunRow[]): Promise<PipelineRun[]>;
}

/** Notebooks, or some of their cells, run once as one job: nothing is saved but the run, in the notebook's own experiment. */
export function createNotebookRuns(deps: NotebookRunDeps) {
  return {
    /** @throws InvalidInput for what could never run */
    async start(body: StartNotebookRun, userId: string): Promise<string> {
      const notebookPath = resolvePath(body.notebookPath);
      const notebook = await readNotebook(body, notebookPath);
      const content = contentOf(notebook, notebookPath, body);
      checkRoom(body, deps.capacity());
      await deps.checkOptions(content.options);
      await deps.checkKernel(content.kernelName);
      content.modules = await collectLocalModules(dirname(notebookPath), content.cells.map(c => c.source), deps.blobs);
      const what = body.cells === undefined ? 'the notebook' : body.cells.length === 1 ? 'a cell' : `${body.cells.length} cells`;
      const run: NewRun = {
        ...{ pipeline: nameOf(notebookPath), version: 0, content, userId, useCache: false, trigger: 'hand', params: body.params },
        origin: { reason: `${personName(userId)} ran ${what} of ${basename(notebookPath)}.`, notebook: { path: notebookPath, cells: body.cells ?? null } }
      };
      return deps.orchestrator.start(run, tx => insertContent(tx, contentHash(content), content));
    },
    /** Newest first. */
    async list(query: NotebookRunQuery): Promise<{ items: PipelineRun[]; nextCursor?: string }> {
      const path = resolvePath(query.notebookPath);
      const rows = await listNotebookRuns(deps.db, { pipeline: nameOf(path), path }, query.limit + 1, query.cursor === undefined ? undefined : decodeCursor(query.cursor));
      const { shown, ...next } = pageOfRows(rows, query.limit);
      return { items: await deps.show(shown), ...next };
    }
  };
}

/** The notebook's name: its runs stand in the experiment of its sessions. */
function nameOf(notebookPath: string): string {
  return basename(notebookPath, extname(notebookPath)) || 'notebook';
}

/** One step of the cells wanted and all they rest on, in the notebook's order. @throws InvalidInput `unknown_cell`, `notebook_not_python`, `nothing_to_run` */
function contentOf(notebook: Notebook, notebookPath: string, { cells: wanted, step, project }: StartNotebookRun): PipelineContent {
  const code = notebook.cells.map((cell, index) => ({ id: cellIdOf(cell, index), source: sourceOf(cell), kind: cell.cell_type })).filter(c => c.kind === 'code' && c.source.trim() !== '');
  const sinks = wanted ?? code.map(c => c.id);
  if (sinks.length === 0) {
    throw new InvalidInput('nothing_to_run', 'The notebook has no code cell to run.');
  }
  const found = draft(notebook, { sinks });
  const cells = found.cells.filter(c => c.isNeeded && c.source.trim() !== '').map(({ id, source }) => ({ id, source }));
  if (cells.length === 0) {
    throw new InvalidInput('nothing_to_run', 'The cells are empty: there is nothing to run.');
  }
  const name = wanted === undefined ? 'notebook' : 'selection';
  const bare: PipelineContent = {
    notebookPath,
    kernelName: notebook.metadata.kernelspec?.name ?? 'python3',
    cells,
    steps: [{ name, cells: cells.map(c => c.id), inputs: [], outputs: [], after: [] }],
    constants: found.constants,
    paramValues: {},
    models: [], // an attempt: what it saves is kept with the run, and no model is registered
    modules: []
  };
  return withOptions(bare, { ...NO_OPTIONS, ...(project !== undefined && { project }), steps: { [name]: step } });
}

/** @throws InvalidInput `not_feasible`: no wait would ever make room for it here */
function checkRoom({ step }: StartNotebookRun, { cpus, memoryBytes, gpus }: ReturnType<NotebookRunDeps['capacity']>): void {
  const asked = step.resources;
  if (!asked || (step.engine !== undefined && step.engine !== 'local')) {
    return; // an engine knows its own room
  }
  const room = { cpus: cpus.total, memoryBytes: memoryBytes.total, gpus: gpus.length };
  const words = { cpus: 'CPUs', memoryBytes: 'bytes of memory', gpus: 'GPUs' };
  for (const key of ['cpus', 'memoryBytes', 'gpus'] as const) {
    const wanted = asked[key] * asked.ranks;
    // The contract's default of memory may be more than this machine has: a step gets what there is then.
    if (wanted > room[key] && !(key === 'memoryBytes' && wanted === DEFAULT_LIMITS.memoryBytes)) {
      const message = `It asks for ${wanted} ${words[key]}; this machine has ${room[key]}. Ask for less, or name an engine that has more.`;
      throw new InvalidInput('not_feasible', message, { errors: [{ path: `step.resources.${key}`, message }] });
    }
  }
}
