import { z } from 'zod';
import { Scalar } from './common';
import { HumanStep, PipelineOptions, StepOptions } from './pipeline-options';
import { Draft, PipelineName, PipelineVersion, StepGrouping } from './pipelines';
import { Schedule, ScheduleName, ScheduleSpec } from './schedules';
import { TriggerSpec } from './triggers';

const StepName = z.string().min(1).max(80);
const Variable = z.string().regex(/^[A-Za-z_]\w*$/, 'A variable of Python: letters, digits, `_`');
const EnvironmentName = z.string().regex(/^[A-Za-z_]\w*$/, 'An environment variable: letters, digits, `_`');
const RelativePath = z
  .string()
  .min(1)
  .max(1024)
  .refine(path => !path.includes('\0') && !path.startsWith('/') && !/^[A-Za-z]:[\\/]/.test(path), 'A path relative to this file');

/**
 * What a value between steps is: `dataframe`, `series`, `array`, `model`, `number`,
 * `integer`, `text`, `boolean`, `list`, `mapping`, `any`, or a class by its dotted name.
 */
export const ArtifactType = z.string().max(200).regex(/^[A-Za-z_][\w.]*$/, 'A type such as `dataframe`, `number` or `sklearn.pipeline.Pipeline`');

/** Names, or names with their types. */
const Typed = z.union([z.array(Variable).max(1000), z.record(Variable, ArtifactType)]);

/** A step of a pipeline file: what it runs, what it takes and gives, and its options. */
export const FileStep = z
  .strictObject({
    cells: z.array(z.string().min(1).max(200)).min(1).optional().describe('Ids of cells of the script, in order; absent = the cell of the step’s name'),
    notebook: RelativePath.optional().describe('A whole notebook (.ipynb) or Python script (.py) as this step, in place of cells'),
    params: z.record(Variable, Scalar).optional().describe('With `notebook`: values for the cell tagged `parameters`'),
    env: z
      .record(EnvironmentName, z.union([z.string().max(10_000), z.strictObject({ param: Variable })]))
      .optional()
      .describe('With `notebook`: environment variables set before its first cell; no place for secrets'),
    after: z.array(StepName).optional().describe('Steps that must be over first; absent = the makers of what it takes'),
    inputs: Typed.optional().describe('Variables it takes from steps before it; absent = what its cells use and do not make'),
    outputs: Typed.optional().describe('Variables it gives to later steps; absent = what they take'),
    ...StepOptions.shape
  })
  .meta({ id: 'PipelineFileStep' });
export type FileStep = z.infer<typeof FileStep>;

/** A schedule of a pipeline file: its name is its key. */
export const FileSchedule = ScheduleSpec.omit({ name: true }).meta({ id: 'PipelineFileSchedule' });
export type FileSchedule = z.infer<typeof FileSchedule>;
/** A trigger of a pipeline file: its name is its key. */
export const FileTrigger = TriggerSpec.omit({ name: true }).meta({ id: 'PipelineFileTrigger' });
export type FileTrigger = z.infer<typeof FileTrigger>;

/** `NAME.pipeline.yaml`: a pipeline in the user's repository. Its cells are a percent-format script beside it. */
export const PipelineFile = z
  .strictObject({
    slipway: z.literal(1).describe('Version of this format'),
    name: PipelineName,
    kernel: z.string().min(1).max(200).default('python3').describe('The Jupyter kernel the steps run in'),
    notebook: RelativePath.optional().describe('The notebook the cells come from, in whose folder the steps run; absent = the folder of this file'),
    script: RelativePath.optional().describe('The script with the cells; absent = NAME.py'),
    params: z.array(z.string().min(1).max(200)).optional().describe('Constants of the cells that are parameters; absent = all'),
    paramValues: z.record(z.string(), Scalar).optional().describe('Values in place of the cells’ own'),
    steps: z.record(StepName, FileStep).refine(steps => Object.keys(steps).length > 0, 'A pipeline has at least one step'),
    humanSteps: z.array(HumanStep).max(100).optional(),
    models: z
      .array(z.strictObject({ cell: z.string().min(1), variable: Variable, data: Variable.nullish() }))
      .optional()
      .describe('Models to register: the cell that saves one, its variable, the rows it was scored on; absent = as found in the cells'),
    ...PipelineOptions.omit({ steps: true, humanSteps: true }).partial().shape,
    schedules: z.record(ScheduleName, FileSchedule).nullish().describe('All schedules, by name: others are removed; absent: those the pipeline has stay'),
    triggers: z.record(ScheduleName, FileTrigger).nullish().describe('All triggers, by name: others are removed; absent: those the pipeline has stay'),
    schedule: Schedule.nullish().describe('The schedule named `default` alone, in place of `schedules`; null takes it away')
  })
  .meta({ id: 'PipelineFile' });
export type PipelineFile = z.infer<typeof PipelineFile>;

/** A file of a pipeline by its path relative to the folder; a notebook's text needs no outputs. */
export const PipelineSourceFile = z.strictObject({ path: z.string().min(1).max(1024), text: z.string().max(20_000_000) });
export type PipelineSourceFile = z.infer<typeof PipelineSourceFile>;

export const ApplyPipelineFiles = z.object({
  /** Absolute, on the daemon's machine: where the files lie, and the steps run. */
  folder: z.string().min(1).max(4096),
  /** First the `.pipeline.yaml`, then the script and the notebooks it names. */
  files: z.array(PipelineSourceFile).min(1).max(200)
});
export type ApplyPipelineFiles = z.infer<typeof ApplyPipelineFiles>;
export const CheckPipelineFiles = ApplyPipelineFiles.extend({
  /** Pipelines that are applied before this one, so that its triggers may wait for them. */
  alongside: z.array(PipelineName).max(1_000).default([])
});
export type CheckPipelineFiles = z.infer<typeof CheckPipelineFiles>;

/** A schedule or trigger that applying a file adds, changes or removes. */
export const StarterChange = z.object({ kind: z.enum(['schedule', 'trigger']), name: z.string(), change: z.enum(['added', 'changed', 'removed']) });
export type StarterChange = z.infer<typeof StarterChange>;

/** Where webhooks of a new trigger are posted to; their secret is shown here and nowhere else. */
export const NewHook = z.object({ trigger: z.string(), path: z.string(), secret: z.string() });
export type NewHook = z.infer<typeof NewHook>;

/** The version the files make, and what applying them did besides. */
export const AppliedPipelineFiles = PipelineVersion.extend({ starters: z.array(StarterChange), hooks: z.array(NewHook), warnings: z.array(z.string()) });
export type AppliedPipelineFiles = z.infer<typeof AppliedPipelineFiles>;

/** What applying the files would do. */
export const PipelineFilesCheck = z.object({
  pipeline: z.string(),
  contentHash: z.string(),
  /** null where there is no such pipeline yet. */
  latestVersion: z.number().int().nullable(),
  /** Whether neither a version would be made, nor a schedule or trigger change. */
  isUnchanged: z.boolean(),
  starters: z.array(StarterChange),
  warnings: z.array(z.string())
});
export type PipelineFilesCheck = z.infer<typeof PipelineFilesCheck>;

/** What a person changed of a pipeline file in the editor; what is absent stays. */
export const PipelineFileEdits = z.strictObject({
  options: PipelineOptions.optional(),
  /** Of files whose steps are cells. */
  grouping: StepGrouping.optional(),
  /** Names of the constants that are parameters. */
  params: z.array(z.string().min(1).max(200)).max(10_000).optional()
});
export type PipelineFileEdits = z.infer<typeof PipelineFileEdits>;
export const DraftPipelineFiles = ApplyPipelineFiles.extend({ edits: PipelineFileEdits.default({}) });

/** A pipeline file as the editor shows it, with edits written into it. */
export const PipelineFilesDraft = z.object({
  /** Of the `.pipeline.yaml`; what no edit changed stands there as it did. */
  text: z.string(),
  pipeline: z.string(),
  kernelName: z.string(),
  /** Where the cells come from; absolute. */
  notebookPath: z.string(),
  draft: Draft,
  params: z.array(z.string()),
  options: PipelineOptions,
  starters: z.object({ schedules: z.array(ScheduleSpec), triggers: z.array(TriggerSpec) }),
  warnings: z.array(z.string())
});
export type PipelineFilesDraft = z.infer<typeof PipelineFilesDraft>;

/** The files a pipeline file needs beside itself, by their paths relative to it. */
export const PipelineFilesNeeded = z.object({ script: z.string().nullable(), notebooks: z.array(z.string()) });
export type PipelineFilesNeeded = z.infer<typeof PipelineFilesNeeded>;

export const PipelineFilesQuery = z.object({
  version: z.coerce.number().pipe(z.int32().positive()).optional(),
  /** Absolute; paths in the file are written relative to it. */
  folder: z.string().min(1).max(4096).optional()
});
export const PipelineFiles = z.object({ pipeline: z.string(), version: z.number().int(), contentHash: z.string(), files: z.array(PipelineSourceFile) });
export type PipelineFiles = z.infer<typeof PipelineFiles>;

export const ExportTarget = z.enum(['airflow', 'kfp', 'argo']);
export type ExportTarget = z.infer<typeof ExportTarget>;
export const ExportQuery = z.object({ version: z.coerce.number().pipe(z.int32().positive()).optional() });
/** A pipeline for another orchestrator. */
export const PipelineExport = z.object({
  target: ExportTarget,
  fileName: z.string(),
  text: z.string(),
  /** What has no equivalent there; said in the file as well. */
  warnings: z.array(z.string())
});
export type PipelineExport = z.infer<typeof PipelineExport>;
