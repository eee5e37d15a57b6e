import { z } from 'zod';
import { PageQuery, Scalar } from './common';
import { Notebook } from './notebooks';
import { PipelineOptions, StepOptions } from './pipeline-options';

const NotebookPath = z.string().min(1).max(4096).describe('Absolute, on the daemon’s machine; a leading `~` is the owner’s home');

/** A notebook, or some of its cells, run once as one job: no pipeline is made. */
export const StartNotebookRun = z
  .strictObject({
    notebookPath: NotebookPath,
    notebook: Notebook.optional().describe('As the editor holds it; read from `notebookPath` when absent'),
    cells: z.array(z.string().min(1)).min(1).max(10_000).optional().describe('Ids of the code cells wanted; what they rest on runs before them. Absent: all code cells'),
    params: z.record(z.string(), Scalar).default({}).describe('Values in place of the cells’ own constants'),
    project: PipelineOptions.shape.project.describe('Whose quota and share it counts against; absent: `default`'),
    step: StepOptions.pick({ resources: true, engine: true, timeoutMs: true, priority: true, secrets: true }).default({})
  })
  .meta({ id: 'StartNotebookRun' });
export type StartNotebookRun = z.infer<typeof StartNotebookRun>;

export const NotebookRunQuery = PageQuery.extend({ notebookPath: NotebookPath });
export type NotebookRunQuery = z.infer<typeof NotebookRunQuery>;
