import { z } from 'zod';
import * as b from './backfills';
import { Nothing, PageQuery } from './common';
import { endpoint } from './contract';
import { EngineList } from './engines';
import * as x from './experiments';
import * as g from './gates';
import { HookRecord } from './hook';
import * as i from './imports';
import { LineageGraph, LineageQuery } from './lineage';
import * as k from './model-card';
import { ComparisonQuery, ModelComparison, VersionMaking } from './model-comparison';
import * as nb from './notebook-runs';
import { Notebook } from './notebooks';
import { SentNotificationList, SentNotificationQuery } from './notifications';
import { OpenLineageEventPage, OpenLineageQuery, OpenLineageStatus } from './openlineage';
import * as f from './pipeline-files';
import * as o from './orchestration';
import { PipelineOptions } from './pipeline-options';
import * as p from './pipelines';
import * as m from './promotions';
import * as r from './registry';
import * as u from './retention';
import * as c from './run-changes';
import { SameInputs, SameInputsOfRunQuery, SameInputsQuery } from './same-inputs';
import * as h from './schedules';
import * as q from './secrets';
import * as j from './scheduler';
import * as e from './step-cache';
import * as y from './sweeps';
import * as s from './system';
import * as t from './tracking';
import { TrainingFindingList } from './training-rules';
import * as n from './triggers';
import { UriComparison, UriComparisonQuery } from './uri-comparison';
import { VersionChangePage } from './version-history';
import * as w from './webhooks';

export const system = {
  status: endpoint({ method: 'get', path: '/status', summary: 'How the daemon is', permission: 'system:read', reply: s.SystemStatus }),
  lab: endpoint({ method: 'get', path: '/lab', summary: 'Where the JupyterLab is that last called through its proxy', permission: 'runs:read', reply: s.KnownLab })
};

export const access = {
  me: endpoint({ method: 'get', path: '/me', summary: 'Who calls, and what they may do', permission: 'system:read', reply: s.Me }),
  listTokens: endpoint({ method: 'get', path: '/tokens', summary: 'List the live tokens, without their secrets', permission: 'access:admin', reply: s.TokenList }),
  createToken: endpoint({ method: 'post', path: '/tokens', summary: 'Issue a token', permission: 'access:admin', body: s.NewToken, reply: s.IssuedToken }),
  revokeToken: endpoint({ method: 'delete', path: '/tokens/:tokenId', summary: 'Revoke a token', permission: 'access:admin', reply: Nothing })
};

export const sessions = {
  record: endpoint({
    method: 'post',
    path: '/hook-records',
    summary: 'Hand in what a kernel’s hook recorded, where its spool file cannot be reached',
    permission: 'runs:write',
    body: z.object({ records: z.array(HookRecord).min(1).max(500) }),
    reply: z.object({ accepted: z.number().int() }),
    status: 200
  }),
  list: endpoint({
    method: 'get',
    path: '/sessions',
    summary: 'List sessions, newest first',
    permission: 'runs:read',
    query: PageQuery.extend({ notebookPath: z.string().optional(), kernelId: z.string().optional() }),
    reply: t.SessionPage
  }),
  get: endpoint({ method: 'get', path: '/sessions/:sessionId', summary: 'One session', permission: 'runs:read', reply: t.Session }),
  listExecutions: endpoint({
    method: 'get',
    path: '/sessions/:sessionId/cell-executions',
    summary: 'Cell executions of a session, newest first',
    permission: 'runs:read',
    query: PageQuery,
    reply: t.CellExecutionPage
  }),
  listTrials: endpoint({
    method: 'get',
    path: '/sessions/:sessionId/trials',
    summary: 'Trials of a session, newest first',
    permission: 'runs:read',
    query: PageQuery,
    reply: t.TrialPage
  }),
  markMetric: endpoint({
    method: 'post',
    path: '/sessions/:sessionId/metric-marks',
    summary: 'Make a scalar a metric, or unmake it',
    permission: 'runs:write',
    body: t.MarkMetric,
    reply: Nothing,
    status: 200
  })
};

export const imports = {
  runs: endpoint({ method: 'post', path: '/imports/runs', summary: 'Take in runs of another tracking server under their own ids', permission: 'runs:write', body: i.RunImport, reply: i.RunImportReply, status: 200 }),
  model: endpoint({ method: 'post', path: '/imports/models', summary: 'Take in a registered model of another registry, its versions under their own numbers', permission: 'registry:write', body: i.ImportedModel, reply: i.ModelImportReply, status: 200 })
};

export const explore = {
  experiments: endpoint({ method: 'get', path: '/experiments', summary: 'Experiments with their counts, the last used first', permission: 'runs:read', query: x.ExperimentQuery, reply: x.ExperimentList }),
  columns: endpoint({ method: 'get', path: '/run-columns', summary: 'Params, metrics and tags that runs have', permission: 'runs:read', query: x.RunColumnsQuery, reply: x.RunColumns }),
  rows: endpoint({ method: 'post', path: '/run-rows', summary: 'A stretch of the table of runs', permission: 'runs:read', body: x.RunRowsQuery, reply: x.RunLinePage, status: 200 }),
  groups: endpoint({ method: 'post', path: '/run-groups', summary: 'Runs with the same params, as mean and spread', permission: 'runs:read', body: x.RunGroupsQuery, reply: x.RunGroupPage, status: 200 }),
  run: endpoint({ method: 'get', path: '/runs/:runId', summary: 'One run', permission: 'runs:read', reply: x.RunDetail }),
  edit: endpoint({ method: 'patch', path: '/runs/:runId', summary: 'Write the note of a run', permission: 'runs:write', body: x.EditRun, reply: x.RunDetail }),
  curves: endpoint({ method: 'post', path: '/metric-curves', summary: 'Metrics over their steps, many runs at once', permission: 'runs:read', body: x.CurvesQuery, reply: x.CurveList, status: 200 }),
  artifacts: endpoint({ method: 'get', path: '/runs/:runId/artifacts', summary: 'A folder of a run’s files', permission: 'runs:read', query: x.ArtifactQuery, reply: x.RunArtifactList }),
  images: endpoint({ method: 'get', path: '/runs/:runId/images', summary: 'Images among a run’s files', permission: 'runs:read', reply: x.RunImageList }),
  preview: endpoint({ method: 'get', path: '/runs/:runId/artifact-preview', summary: 'What can be shown of a file', permission: 'runs:read', query: x.ArtifactFileQuery, reply: x.ArtifactPreview }),
  file: endpoint({ method: 'get', path: '/runs/:runId/artifact-file', summary: 'The bytes of a file, sandboxed', permission: 'runs:read', query: x.ArtifactDownloadQuery, reply: z.string(), produces: 'application/octet-stream' })
};

export const sweeps = {
  create: endpoint({ method: 'post', path: '/sweeps', summary: 'Search a pipeline’s params for the best value of a metric', permission: 'pipelines:write', body: y.NewSweep, reply: y.Sweep }),
  list: endpoint({ method: 'get', path: '/sweeps', summary: 'Sweeps, newest first', permission: 'pipelines:read', query: y.SweepQuery, reply: y.SweepPage }),
  metrics: endpoint({ method: 'get', path: '/pipelines/:name/metrics', summary: 'What the newest version is known to measure', permission: 'pipelines:read', reply: y.KnownMetrics }),
  get: endpoint({ method: 'get', path: '/sweeps/:sweepId', summary: 'One sweep with its best trial', permission: 'pipelines:read', reply: y.Sweep }),
  trials: endpoint({ method: 'get', path: '/sweeps/:sweepId/trials', summary: 'Trials of a sweep, in the order they were asked', permission: 'pipelines:read', query: y.SweepTrialQuery, reply: y.SweepTrialPage }),
  reports: endpoint({ method: 'get', path: '/sweeps/:sweepId/trials/:number/reports', summary: 'What a trial measured of the objective while it ran', permission: 'pipelines:read', reply: y.SweepReports }),
  importances: endpoint({ method: 'get', path: '/sweeps/:sweepId/importances', summary: 'How much each param matters to the objective', permission: 'pipelines:read', query: y.ImportancesQuery, reply: y.SweepImportances }),
  pause: endpoint({ method: 'post', path: '/sweeps/:sweepId/pause', summary: 'Ask no more trials for now', permission: 'pipelines:write', reply: y.Sweep, status: 200 }),
  resume: endpoint({ method: 'post', path: '/sweeps/:sweepId/resume', summary: 'Go on after a pause', permission: 'pipelines:write', reply: y.Sweep, status: 200 }),
  cancel: endpoint({ method: 'post', path: '/sweeps/:sweepId/cancel', summary: 'Stop a sweep and the runs of its trials', permission: 'pipelines:write', reply: y.Sweep, status: 200 }),
  extend: endpoint({ method: 'post', path: '/sweeps/:sweepId/extend', summary: 'More trials, also of a sweep that is over', permission: 'pipelines:write', body: y.ExtendSweep, reply: y.Sweep, status: 200 }),
  adopt: endpoint({ method: 'post', path: '/sweeps/:sweepId/adopt', summary: 'Make the best params the pipeline’s own, as a new version', permission: 'pipelines:write', reply: p.PipelineVersion }),
  remove: endpoint({ method: 'delete', path: '/sweeps/:sweepId', summary: 'Delete a sweep that is over; the runs of its trials stay', permission: 'pipelines:write', reply: Nothing })
};

export const runChanges = {
  change: endpoint({ method: 'post', path: '/run-changes', summary: 'Delete, restore, move, rename and tag runs: all or none, with the way back', permission: 'runs:write', body: c.RunChanges, reply: c.RunChangesReply, status: 200 })
};

export const upkeep = {
  retention: endpoint({ method: 'get', path: '/experiments/:experimentId/retention', summary: 'Which runs of an experiment stay', permission: 'runs:read', reply: u.DeclaredRetention }),
  setRetention: endpoint({ method: 'put', path: '/experiments/:experimentId/retention', summary: 'Say which runs of an experiment stay; held every hour', permission: 'runs:purge', body: u.RetentionRule, reply: u.DeclaredRetention }),
  removeRetention: endpoint({ method: 'delete', path: '/experiments/:experimentId/retention', summary: 'Keep all runs of an experiment', permission: 'runs:purge', reply: Nothing }),
  previewRetention: endpoint({ method: 'post', path: '/experiments/:experimentId/retention-preview', summary: 'What a rule would delete now, and free', permission: 'runs:read', body: u.RetentionRule, reply: u.RetentionPreview, status: 200 }),
  sweep: endpoint({ method: 'post', path: '/retention-sweeps', summary: 'Hold all rules now', permission: 'runs:purge', reply: u.SweepReport, status: 200 }),
  purge: endpoint({ method: 'post', path: '/purges', summary: 'Remove deleted runs and experiments for ever and free their disk space, or tell what would go', permission: 'runs:purge', body: u.PurgeRequest, reply: u.PurgeReport, status: 200 })
};

export const pipelines = {
  draft: endpoint({ method: 'post', path: '/pipeline-drafts', summary: 'What a notebook would become', permission: 'pipelines:read', body: p.DraftRequest, reply: p.Draft, status: 200 }),
  prove: endpoint({ method: 'post', path: '/proofs', summary: 'Run a spec once and compare it with its notebook', permission: 'pipelines:write', body: p.PipelineSpec, reply: p.Proof, status: 202 }),
  proof: endpoint({ method: 'get', path: '/proofs/:proofId', summary: 'How a proof goes', permission: 'pipelines:read', reply: p.Proof }),
  cancelProof: endpoint({ method: 'post', path: '/proofs/:proofId/cancel', summary: 'Stop a proof', permission: 'pipelines:write', reply: p.Proof, status: 200 }),
  save: endpoint({ method: 'post', path: '/pipelines', summary: 'Save what was proved as a pipeline version', permission: 'pipelines:write', body: p.SavePipeline, reply: p.PipelineVersion }),
  list: endpoint({ method: 'get', path: '/pipelines', summary: 'List pipelines by name', permission: 'pipelines:read', reply: p.PipelineList }),
  get: endpoint({ method: 'get', path: '/pipelines/:name', summary: 'One pipeline', permission: 'pipelines:read', reply: p.Pipeline }),
  remove: endpoint({ method: 'delete', path: '/pipelines/:name', summary: 'Take a pipeline out of the list; its runs and models stay', permission: 'pipelines:write', reply: Nothing }),
  restore: endpoint({ method: 'post', path: '/pipelines/:name/restore', summary: 'Undo a removal', permission: 'pipelines:write', reply: p.Pipeline, status: 200 }),
  listVersions: endpoint({ method: 'get', path: '/pipelines/:name/versions', summary: 'Versions, newest first', permission: 'pipelines:read', reply: p.PipelineVersionList }),
  markSeen: endpoint({ method: 'post', path: '/pipelines/:name/seen', summary: 'Say that its failures were looked at', permission: 'pipelines:read', reply: Nothing, status: 200 }),
  setSchedule: endpoint({ method: 'put', path: '/pipelines/:name/schedule', summary: 'Set, pause or resume the schedule', permission: 'pipelines:write', body: h.Schedule, reply: p.Pipeline }),
  removeSchedule: endpoint({ method: 'delete', path: '/pipelines/:name/schedule', summary: 'Run by hand only', permission: 'pipelines:write', reply: p.Pipeline }),
  start: endpoint({ method: 'post', path: '/pipelines/:name/runs', summary: 'Start a run', permission: 'pipelines:write', body: p.StartRun, reply: p.PipelineRun }),
  listRuns: endpoint({ method: 'get', path: '/pipelines/:name/runs', summary: 'Runs of a pipeline, newest first', permission: 'pipelines:read', query: p.RunListQuery, reply: p.PipelineRunPage }),
  run: endpoint({ method: 'get', path: '/pipeline-runs/:runId', summary: 'One run with its steps', permission: 'pipelines:read', reply: p.PipelineRun }),
  cancelRun: endpoint({ method: 'post', path: '/pipeline-runs/:runId/cancel', summary: 'Cancel a run', permission: 'pipelines:write', reply: p.PipelineRun, status: 200 }),
  retryRun: endpoint({ method: 'post', path: '/pipeline-runs/:runId/retry', summary: 'Retry from a failed step', permission: 'pipelines:write', body: p.RetryRun, reply: p.PipelineRun, status: 200 }),
  rerun: endpoint({ method: 'post', path: '/pipeline-runs/:runId/rerun', summary: 'Run chosen steps of a past run anew, on what its other steps made', permission: 'pipelines:write', body: e.RerunSteps, reply: p.PipelineRun }),
  findings: endpoint({ method: 'get', path: '/pipeline-runs/:runId/findings', summary: 'What the training rules of its steps found', permission: 'pipelines:read', reply: TrainingFindingList }),
  explainCache: endpoint({ method: 'get', path: '/pipeline-runs/:runId/steps/:step/cache', summary: 'Why a step was, or was not, taken from an earlier run', permission: 'pipelines:read', reply: e.CacheExplanation }),
  log: endpoint({ method: 'get', path: '/pipeline-runs/:runId/steps/:step/log', summary: 'A step’s log from an offset', permission: 'pipelines:read', query: p.LogQuery, reply: p.LogChunk }),
  notebook: endpoint({ method: 'get', path: '/pipeline-runs/:runId/steps/:step/notebook', summary: 'The executed notebook of a step', permission: 'pipelines:read', reply: Notebook }),
  version: endpoint({ method: 'get', path: '/pipelines/:name/versions/:version', summary: 'One version', permission: 'pipelines:read', reply: p.PipelineVersion })
};

export const notebookRuns = {
  start: endpoint({ method: 'post', path: '/notebook-runs', summary: 'Run a notebook, or some of its cells with what they rest on, once as one job', permission: 'pipelines:write', body: nb.StartNotebookRun, reply: p.PipelineRun }),
  list: endpoint({ method: 'get', path: '/notebook-runs', summary: 'Runs of a notebook as it stood, newest first', permission: 'pipelines:read', query: nb.NotebookRunQuery, reply: p.PipelineRunPage })
};

export const schedules = {
  list: endpoint({ method: 'get', path: '/pipelines/:name/schedules', summary: 'Schedules of a pipeline', permission: 'pipelines:read', reply: h.PipelineScheduleList }),
  create: endpoint({ method: 'post', path: '/pipelines/:name/schedules', summary: 'Add a schedule', permission: 'pipelines:write', body: h.ScheduleSpec, reply: h.PipelineSchedule }),
  get: endpoint({ method: 'get', path: '/schedules/:scheduleId', summary: 'One schedule', permission: 'pipelines:read', reply: h.PipelineSchedule }),
  replace: endpoint({ method: 'put', path: '/schedules/:scheduleId', summary: 'Change, pause or resume a schedule', permission: 'pipelines:write', body: h.ScheduleSpec, reply: h.PipelineSchedule }),
  remove: endpoint({ method: 'delete', path: '/schedules/:scheduleId', summary: 'Remove a schedule; its runs stay', permission: 'pipelines:write', reply: Nothing }),
  fires: endpoint({ method: 'get', path: '/schedules/:scheduleId/fires', summary: 'Fire times of a schedule and what became of them, newest first; kept for 30 days', permission: 'pipelines:read', query: h.ScheduleFireQuery, reply: h.ScheduleFirePage }),
  preview: endpoint({ method: 'post', path: '/schedule-previews', summary: 'When a schedule would fire next', permission: 'pipelines:read', body: h.SchedulePreviewQuery, reply: h.SchedulePreview, status: 200 })
};

export const backfills = {
  preview: endpoint({ method: 'post', path: '/pipelines/:name/backfill-previews', summary: 'Which runs a backfill would start', permission: 'pipelines:read', body: b.NewBackfill, reply: b.BackfillPreview, status: 200 }),
  create: endpoint({ method: 'post', path: '/pipelines/:name/backfills', summary: 'Run a pipeline for a range of the past', permission: 'pipelines:write', body: b.NewBackfill, reply: b.Backfill }),
  list: endpoint({ method: 'get', path: '/pipelines/:name/backfills', summary: 'Backfills of a pipeline, newest first', permission: 'pipelines:read', query: b.BackfillQuery, reply: b.BackfillPage }),
  get: endpoint({ method: 'get', path: '/backfills/:backfillId', summary: 'One backfill with its progress', permission: 'pipelines:read', reply: b.Backfill }),
  items: endpoint({ method: 'get', path: '/backfills/:backfillId/items', summary: 'Its intervals and their runs, in the order they start', permission: 'pipelines:read', query: b.BackfillItemQuery, reply: b.BackfillItemPage }),
  change: endpoint({ method: 'patch', path: '/backfills/:backfillId', summary: 'Change how many run at once', permission: 'pipelines:write', body: b.BackfillChange, reply: b.Backfill }),
  pause: endpoint({ method: 'post', path: '/backfills/:backfillId/pause', summary: 'Start no more of it', permission: 'pipelines:write', reply: b.Backfill, status: 200 }),
  resume: endpoint({ method: 'post', path: '/backfills/:backfillId/resume', summary: 'Go on with it', permission: 'pipelines:write', reply: b.Backfill, status: 200 }),
  cancel: endpoint({ method: 'post', path: '/backfills/:backfillId/cancel', summary: 'End it, and cancel its runs', permission: 'pipelines:write', reply: b.Backfill, status: 200 }),
  retryFailed: endpoint({ method: 'post', path: '/backfills/:backfillId/retry-failed', summary: 'Run again what failed', permission: 'pipelines:write', reply: b.Backfill, status: 200 })
};

export const pipelineFiles = {
  apply: endpoint({ method: 'post', path: '/pipeline-files', summary: 'Make a pipeline’s files its newest version, unless they are that already', permission: 'pipelines:write', body: f.ApplyPipelineFiles, reply: f.AppliedPipelineFiles }),
  check: endpoint({ method: 'post', path: '/pipeline-files/check', summary: 'What applying a pipeline’s files would do', permission: 'pipelines:read', body: f.CheckPipelineFiles, reply: f.PipelineFilesCheck, status: 200 }),
  needed: endpoint({ method: 'post', path: '/pipeline-files/needed', summary: 'Which files a pipeline file needs beside itself', permission: 'pipelines:read', body: f.PipelineSourceFile, reply: f.PipelineFilesNeeded, status: 200 }),
  draft: endpoint({ method: 'post', path: '/pipeline-files/draft', summary: 'A pipeline’s files as its editor shows them, with edits written into the text; nothing is stored', permission: 'pipelines:read', body: f.DraftPipelineFiles, reply: f.PipelineFilesDraft, status: 200 }),
  files: endpoint({ method: 'get', path: '/pipelines/:name/files', summary: 'A version of a pipeline as files', permission: 'pipelines:read', query: f.PipelineFilesQuery, reply: f.PipelineFiles }),
  export: endpoint({ method: 'get', path: '/pipelines/:name/exports/:target', summary: 'A version of a pipeline for another orchestrator: airflow, kfp or argo', permission: 'pipelines:read', query: f.ExportQuery, reply: f.PipelineExport })
};

export const triggers = {
  list: endpoint({ method: 'get', path: '/pipelines/:name/triggers', summary: 'What starts a pipeline besides the clock', permission: 'pipelines:read', reply: n.TriggerList }),
  create: endpoint({ method: 'post', path: '/pipelines/:name/triggers', summary: 'Add a trigger', permission: 'pipelines:write', body: n.TriggerSpec, reply: n.SavedTrigger }),
  get: endpoint({ method: 'get', path: '/triggers/:triggerId', summary: 'One trigger', permission: 'pipelines:read', reply: n.Trigger }),
  replace: endpoint({ method: 'put', path: '/triggers/:triggerId', summary: 'Change, pause or resume a trigger', permission: 'pipelines:write', body: n.TriggerSpec, reply: n.SavedTrigger }),
  remove: endpoint({ method: 'delete', path: '/triggers/:triggerId', summary: 'Remove a trigger with its firings; its runs stay', permission: 'pipelines:write', reply: Nothing }),
  renewSecret: endpoint({ method: 'post', path: '/triggers/:triggerId/secret', summary: 'Give its webhooks a new secret, shown this once; the one before counts no more', permission: 'pipelines:write', reply: n.SavedTrigger, status: 200 }),
  fire: endpoint({ method: 'post', path: '/triggers/:triggerId/fire', summary: 'Fire a trigger by hand', permission: 'pipelines:write', body: n.FireTrigger, reply: n.Trigger, status: 202 }),
  firings: endpoint({ method: 'get', path: '/triggers/:triggerId/firings', summary: 'Why it fired and what that started, newest first', permission: 'pipelines:read', query: n.TriggerFiringQuery, reply: n.TriggerFiringPage }),
  tell: endpoint({ method: 'post', path: '/cloud-events', summary: 'Hand in a CloudEvent for triggers to hear of', permission: 'pipelines:write', body: n.CloudEvent, reply: Nothing, status: 202 })
};

export const notifications = {
  list: endpoint({ method: 'get', path: '/notifications', summary: 'What was told of runs outside Slipway, and how that went, newest first', permission: 'pipelines:read', query: SentNotificationQuery, reply: SentNotificationList })
};

export const orchestration = {
  setOptions: endpoint({ method: 'put', path: '/pipelines/:name/options', summary: 'Make a version with the same cells and other options, unless they are those already', permission: 'pipelines:write', query: o.SetOptions, body: PipelineOptions, reply: p.PipelineVersion }),
  items: endpoint({ method: 'get', path: '/pipeline-runs/:runId/steps/:step/items', summary: 'Items of a mapped step in their order', permission: 'pipelines:read', query: o.MapItemQuery, reply: o.MapItemPage }),
  itemNotebook: endpoint({ method: 'get', path: '/pipeline-runs/:runId/steps/:step/items/:index/notebook', summary: 'The executed notebook of an item', permission: 'pipelines:read', reply: Notebook }),
  approvals: endpoint({ method: 'get', path: '/approvals', summary: 'Steps that people take, newest first', permission: 'pipelines:read', query: o.ApprovalQuery, reply: o.ApprovalList }),
  decide: endpoint({ method: 'post', path: '/pipeline-runs/:runId/steps/:step/decision', summary: 'Approve or reject a step that waits for somebody', permission: 'pipelines:approve', body: o.Decision, reply: o.Approval, status: 200 }),
  pools: endpoint({ method: 'get', path: '/pools', summary: 'Limits on how many steps run at once', permission: 'pipelines:read', reply: o.PoolList }),
  setPool: endpoint({ method: 'put', path: '/pools/:pool', summary: 'Make a pool, or change how many it lets run', permission: 'pipelines:write', body: o.SetPool, reply: o.Pool }),
  removePool: endpoint({ method: 'delete', path: '/pools/:pool', summary: 'Remove a pool that nothing holds or waits for', permission: 'pipelines:write', reply: Nothing })
};

export const secrets = {
  list: endpoint({ method: 'get', path: '/secrets', summary: 'Names of the secrets in the database', permission: 'pipelines:read', reply: q.KnownSecretList }),
  set: endpoint({ method: 'put', path: '/secrets/:name', summary: 'Keep a secret, sealed; it is never given back', permission: 'secrets:admin', body: q.SetSecret, reply: q.KnownSecret }),
  remove: endpoint({ method: 'delete', path: '/secrets/:name', summary: 'Forget a secret', permission: 'secrets:admin', reply: Nothing })
};

export const registry = {
  list: endpoint({ method: 'get', path: '/models', summary: 'List registered models by name', permission: 'registry:read', reply: r.ModelList }),
  listVersions: endpoint({ method: 'get', path: '/models/:name/versions', summary: 'Versions of a model, newest first', permission: 'registry:read', reply: r.ModelVersionList }),
  version: endpoint({ method: 'get', path: '/models/:name/versions/:version', summary: 'One model version', permission: 'registry:read', reply: r.ModelVersion }),
  editVersion: endpoint({ method: 'patch', path: '/models/:name/versions/:version', summary: 'Write the description and tags of a version', permission: 'registry:write', body: r.EditModelVersion, reply: r.ModelVersion }),
  setAlias: endpoint({ method: 'put', path: '/models/:name/aliases/:alias', summary: 'Point an alias at a version, or take it away', permission: 'registry:write', body: r.SetAlias, reply: r.RegisteredModel }),
  history: endpoint({ method: 'get', path: '/models/:name/versions/:version/history', summary: 'What happened to a version: stages, aliases, tags, texts; newest first', permission: 'registry:read', query: PageQuery, reply: VersionChangePage })
};

export const cards = {
  get: endpoint({ method: 'get', path: '/models/:name/versions/:version/card', summary: 'The model card: a person’s text, and what is known', permission: 'registry:read', reply: k.ModelCard }),
  edit: endpoint({ method: 'patch', path: '/models/:name/versions/:version/card', summary: 'Write a person’s part of the card', permission: 'registry:write', body: k.EditModelCard, reply: k.ModelCard }),
  markdown: endpoint({ method: 'get', path: '/models/:name/versions/:version/card.md', summary: 'The card as Markdown with Hugging Face front-matter', permission: 'registry:read', reply: z.string(), produces: 'text/markdown' })
};

export const gates = {
  get: endpoint({ method: 'get', path: '/models/:name/gates', summary: 'What a version must hold before it may be champion', permission: 'registry:read', reply: g.DeclaredGates }),
  declare: endpoint({ method: 'put', path: '/models/:name/gates', summary: 'Declare the gates of a model, in place of those before', permission: 'registry:approve', body: g.ModelGates, reply: g.DeclaredGates }),
  evaluate: endpoint({ method: 'post', path: '/models/:name/versions/:version/gates', summary: 'Hold the gates against a version now', permission: 'registry:write', reply: g.GateEvaluation }),
  evaluations: endpoint({ method: 'get', path: '/models/:name/versions/:version/gates', summary: 'Evaluations of a version, newest first', permission: 'registry:read', query: PageQuery, reply: g.GateEvaluationPage })
};

export const promotions = {
  request: endpoint({ method: 'post', path: '/models/:name/versions/:version/promotions', summary: 'Ask that a version get an alias', permission: 'registry:write', body: m.NewPromotion, reply: m.Promotion }),
  list: endpoint({ method: 'get', path: '/models/:name/promotions', summary: 'Promotions of a model, newest first', permission: 'registry:read', query: m.PromotionQuery, reply: m.PromotionPage }),
  listAll: endpoint({ method: 'get', path: '/promotions', summary: 'Promotions of all models, newest first', permission: 'registry:read', query: m.PromotionQuery, reply: m.PromotionPage }),
  get: endpoint({ method: 'get', path: '/promotions/:promotionId', summary: 'One promotion', permission: 'registry:read', reply: m.Promotion }),
  approve: endpoint({ method: 'post', path: '/promotions/:promotionId/approve', summary: 'Move the alias', permission: 'registry:approve', body: m.ApprovePromotion, reply: m.Promotion, status: 200 }),
  reject: endpoint({ method: 'post', path: '/promotions/:promotionId/reject', summary: 'Say no', permission: 'registry:approve', body: m.RejectPromotion, reply: m.Promotion, status: 200 }),
  withdraw: endpoint({ method: 'post', path: '/promotions/:promotionId/withdraw', summary: 'Take back what you asked for', permission: 'registry:write', body: m.WithdrawPromotion, reply: m.Promotion, status: 200 })
};

export const comparison = {
  compare: endpoint({ method: 'get', path: '/models/:name/compare', summary: 'What differs between two versions: params, metrics, slices, signature, packages, data, cells', permission: 'runs:read', query: ComparisonQuery, reply: ModelComparison }),
  making: endpoint({ method: 'get', path: '/models/:name/versions/:version/making', summary: 'How a version came about: cells, environment, params, data', permission: 'runs:read', reply: VersionMaking }),
  compareUris: endpoint({ method: 'get', path: '/compare', summary: 'What differs between any two runs or models: params, metrics, signature, packages, data, cells', permission: 'runs:read', query: UriComparisonQuery, reply: UriComparison })
};

export const webhooks = {
  list: endpoint({ method: 'get', path: '/webhooks', summary: 'List webhooks, newest first', permission: 'webhooks:admin', reply: w.WebhookList }),
  create: endpoint({ method: 'post', path: '/webhooks', summary: 'Have events posted to a URL', permission: 'webhooks:admin', body: w.NewWebhook, reply: w.Webhook }),
  get: endpoint({ method: 'get', path: '/webhooks/:webhookId', summary: 'One webhook', permission: 'webhooks:admin', reply: w.Webhook }),
  update: endpoint({ method: 'patch', path: '/webhooks/:webhookId', summary: 'Change a webhook', permission: 'webhooks:admin', body: w.WebhookChange, reply: w.Webhook }),
  remove: endpoint({ method: 'delete', path: '/webhooks/:webhookId', summary: 'Remove a webhook and its log', permission: 'webhooks:admin', reply: Nothing }),
  test: endpoint({ method: 'post', path: '/webhooks/:webhookId/test', summary: 'Send an example now', permission: 'webhooks:admin', body: w.WebhookTest, reply: w.WebhookTestResult, status: 200 }),
  deliveries: endpoint({ method: 'get', path: '/webhooks/:webhookId/deliveries', summary: 'What was sent and how it went, newest first; kept for 30 days', permission: 'webhooks:admin', query: PageQuery, reply: w.WebhookDeliveryPage }),
  redeliver: endpoint({ method: 'post', path: '/webhooks/:webhookId/deliveries/:deliveryId/redeliver', summary: 'Send an ended delivery once more', permission: 'webhooks:admin', reply: w.WebhookDelivery, status: 202 })
};

export const lineage = {
  graph: endpoint({ method: 'get', path: '/lineage', summary: 'What something came from, or led to', permission: 'runs:read', query: LineageQuery, reply: LineageGraph }),
  sameInputsOfRun: endpoint({ method: 'get', path: '/runs/:runId/same-inputs', summary: 'Runs of the same code with the same params on the same data', permission: 'runs:read', query: SameInputsOfRunQuery, reply: SameInputs }),
  sameInputs: endpoint({ method: 'post', path: '/same-inputs', summary: 'Was this already run on the same inputs?', permission: 'runs:read', body: SameInputsQuery, reply: SameInputs, status: 200 })
};

export const openlineage = {
  events: endpoint({ method: 'get', path: '/openlineage/events', summary: 'What happened to pipeline runs and trials, as OpenLineage RunEvents, oldest first; kept for 30 days', permission: 'runs:read', query: OpenLineageQuery, reply: OpenLineageEventPage }),
  status: endpoint({ method: 'get', path: '/openlineage', summary: 'Where OpenLineage events go, and how many wait', permission: 'system:read', reply: OpenLineageStatus })
};

export const scheduler = {
  listJobs: endpoint({ method: 'get', path: '/jobs', summary: 'List jobs: those that wait in the order they start, others newest first', permission: 'jobs:read', query: j.JobQuery, reply: j.JobPage }),
  getJob: endpoint({ method: 'get', path: '/jobs/:jobId', summary: 'One job, and why it waits', permission: 'jobs:read', reply: j.Job }),
  liveJob: endpoint({ method: 'get', path: '/jobs/:jobId/live', summary: 'What a running job uses of the machine and measures, up to now', permission: 'jobs:read', reply: j.LiveJob }),
  cancelJob: endpoint({ method: 'post', path: '/jobs/:jobId/cancel', summary: 'Cancel a job', permission: 'jobs:write', reply: j.Job, status: 202 }),
  editJob: endpoint({ method: 'patch', path: '/jobs/:jobId', summary: 'Change the priority of a queued job', permission: 'jobs:write', body: j.EditJob, reply: j.Job }),
  advice: endpoint({ method: 'get', path: '/job-advice', summary: 'Steps that ask for far more memory, or GPU, than they use', permission: 'jobs:read', reply: j.JobAdviceList }),
  cluster: endpoint({ method: 'get', path: '/cluster', summary: 'Nodes and GPUs with who holds what, projects, quotas and reservations', permission: 'jobs:read', reply: j.Cluster }),
  editNode: endpoint({ method: 'put', path: '/cluster/nodes/:nodeId', summary: 'Drain a node, or give it back', permission: 'jobs:admin', body: j.DrainNode, reply: Nothing }),
  removeNode: endpoint({ method: 'delete', path: '/cluster/nodes/:nodeId', summary: 'Forget a node that is not there: jobs that only it could run fail', permission: 'jobs:admin', reply: Nothing }),
  policy: endpoint({ method: 'get', path: '/cluster/policy', summary: 'The settings of the scheduling policy', permission: 'jobs:read', reply: j.ClusterPolicy }),
  setPolicy: endpoint({ method: 'put', path: '/cluster/policy', summary: 'Change the settings of the scheduling policy', permission: 'jobs:admin', body: j.ClusterPolicy, reply: Nothing }),
  setQuota: endpoint({ method: 'put', path: '/cluster/quotas/:project', summary: 'Set what a project may hold', permission: 'jobs:admin', body: j.ProjectQuota, reply: Nothing }),
  removeQuota: endpoint({ method: 'delete', path: '/cluster/quotas/:project', summary: 'Take a project’s quota away', permission: 'jobs:admin', reply: Nothing }),
  setLicence: endpoint({ method: 'put', path: '/cluster/licences/:name', summary: 'Set how many licences there are', permission: 'jobs:admin', body: j.Licence, reply: Nothing }),
  removeLicence: endpoint({ method: 'delete', path: '/cluster/licences/:name', summary: 'Forget a licence', permission: 'jobs:admin', reply: Nothing }),
  reserve: endpoint({ method: 'post', path: '/cluster/reservations', summary: 'Keep nodes or GPUs for a project for a time', permission: 'jobs:admin', body: j.NewReservation, reply: j.Reservation }),
  removeReservation: endpoint({ method: 'delete', path: '/cluster/reservations/:reservationId', summary: 'Give up a reservation', permission: 'jobs:admin', reply: Nothing }),
  changes: endpoint({ method: 'get', path: '/cluster/changes', summary: 'Who changed quotas, nodes, reservations and jobs, newest first', permission: 'jobs:admin', query: j.SchedulingChangeQuery, reply: j.SchedulingChangePage }),
  listEngines: endpoint({ method: 'get', path: '/engines', summary: 'Engines of the daemon’s configuration, each asked whether it answers', permission: 'jobs:read', reply: EngineList })
};
