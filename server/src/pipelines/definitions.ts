import type { Draft, Notebook, Pipeline, PipelineOptions, PipelineSpec, PipelineVersion, Schedule } from '@slipway/schema';
import type { BlobStore } from '@slipway/kernels-bridge';
import { Conflict, InvalidInput, NotFound } from '../core/errors';
import type { Db, Tx } from '../database';
import type { Events } from '../events';
import { cellUri, pipelineUri, type Lineage } from '../lineage';
import { draft as draftOf, sourceHash } from '../notebooks';
import { contentHash, contentOf, folderOf, withOptions, type PipelineContent } from './content';
import * as store from './definition-store';
import { collectLocalModules } from './local-modules';
import { toPipeline, toVersion } from './mapping';
import { keptOptions } from './options';
import { readNotebook, resolvePath } from './notebook-source';
import { contentByHash, insertContent, recentRuns } from './run-store';
import { schedulesOf } from './schedule-store';
import type { Schedules } from './schedules';

/** Whether what the options name is there: pools, secrets, places to tell. @throws InvalidInput */
export type CheckOptions = (options: PipelineOptions | undefined) => Promise<void>;

export type Definitions = ReturnType<typeof createDefinitions>;

/** Pipelines by name and their versions, each immutable and known by the hash of its content. */
export function createDefinitions(deps: { db: Db; events: Events; lineage: Lineage; blobs: BlobStore; schedules: Schedules; checkOptions: CheckOptions }) {
  const { db, events, lineage } = deps;

  async function pipelinesOf(rows: Awaited<ReturnType<typeof store.listPipelines>>, userId: string): Promise<Pipeline[]> {
    const names = rows.map(r => r.name);
    const [schedules, triggers, runs, paths, unread] = await Promise.all([schedulesOf(db, names), store.triggersOf(db, names), recentRuns(db, names), store.notebookPaths(db, names), store.unreadFailures(db, userId, names)]);
    return rows.map(row =>
      toPipeline(row, {
        notebookPath: paths.get(row.name) ?? '',
        schedules: schedules.filter(s => s.pipeline === row.name),
        triggers: triggers.filter(t => t.pipeline === row.name),
        runs: runs.filter(r => r.pipeline === row.name),
        unreadFailures: unread.get(row.name) ?? 0
      })
    );
  }

  async function existing(name: string) {
    const row = await store.pipelineByName(db, name);
    if (!row) {
      throw new NotFound('pipeline_not_found', `There is no pipeline ${name}.`);
    }
    return row;
  }

  async function change(name: string, work: (tx: Tx) => Promise<void>): Promise<void> {
    await db.transaction().execute(async tx => {
      await work(tx);
      await events.append(tx, [{ type: 'pipeline.changed', subject: name }]);
    });
  }

  async function versionWith(name: string, version?: number) {
    const pipeline = await existing(name);
    const row = await store.versionOf(db, name, version ?? pipeline.latest_version);
    if (!row) {
      throw new NotFound('version_not_found', `The pipeline ${name} has no version ${version}; its latest is ${pipeline.latest_version}.`);
    }
    return { row, content: await contentByHash(db, row.content_hash) };
  }

  async function newestOptions(name: string): Promise<PipelineOptions | undefined> {
    const pipeline = await store.pipelineByName(db, name);
    const row = pipeline && (await store.versionOf(db, name, pipeline.latest_version));
    return row && (await contentByHash(db, row.content_hash)).options;
  }

  /** Makes the content the newest version of `name`, unless it is that already; `alongside` is done with it or not at all. */
  async function save(name: string, content: PipelineContent, schedule: Schedule | null | undefined, userId: string, alongside?: (tx: Tx) => Promise<void>): Promise<PipelineVersion> {
    await deps.checkOptions(content.options);
    const hash = contentHash(content);
    return db.transaction().execute(async tx => {
      const pipeline = await store.lockPipeline(tx, name);
      const newest = pipeline && (await store.versionOf(tx, name, pipeline.latest_version));
      const isUnchanged = newest?.content_hash === hash;
      const version = isUnchanged ? newest.version : (pipeline?.latest_version ?? 0) + 1;
      await insertContent(tx, hash, content);
      await store.upsertPipeline(tx, name, version);
      const row = isUnchanged ? newest : await store.insertVersion(tx, { pipeline: name, version, content_hash: hash, created_by: userId });
      if (pipeline?.removed_at) {
        await deps.schedules.resume(tx, name);
      }
      if (schedule !== undefined) {
        await deps.schedules.set(tx, name, schedule, userId);
      }
      await alongside?.(tx);
      await lineage.link(tx, content.cells.map(c => ({ from: cellUri(content.notebookPath, c.id, sourceHash(c.source)), to: pipelineUri(name, version) })));
      await events.append(tx, [{ type: 'pipeline.changed', subject: name, data: { version } }]);
      return toVersion(row, content, isUnchanged);
    });
  }

  return {
    existing,
    change,
    versionWith,
    /** What the spec would become, with the notebook it comes from. @throws InvalidInput, Conflict */
    async build(spec: PipelineSpec): Promise<{ content: PipelineContent; notebook: Notebook; draft: Draft }> {
      const notebookPath = resolvePath(spec.notebookPath);
      const notebook = await readNotebook(spec, notebookPath);
      const draft = draftOf(notebook, { sinks: spec.sinks, grouping: spec.grouping });
      if (draft.steps.length === 0) {
        throw new InvalidInput('nothing_to_run', 'The notebook has no result to build a pipeline from: save a model or a table, or print a metric; or name the cells wanted.');
      }
      const kernelName = notebook.metadata.kernelspec?.name ?? 'python3';
      const options = spec.options ?? keptOptions(await newestOptions(spec.name), draft.steps.map(s => s.name));
      const content = contentOf({ draft, spec, notebookPath, kernelName, modules: [], options });
      await deps.checkOptions(content.options);
      content.modules = await collectLocalModules(folderOf(content), content.cells.map(c => c.source), deps.blobs);
      return { content, notebook, draft };
    },
    save,
    /** The newest version's cells with other options. @throws InvalidInput `invalid_options`; Conflict `version_moved_on` */
    async setOptions(name: string, options: PipelineOptions, userId: string, expectedVersion?: number): Promise<PipelineVersion> {
      const { row, content } = await versionWith(name);
      if (expectedVersion !== undefined && row.version !== expectedVersion) {
        throw new Conflict('version_moved_on', `The pipeline ${name} is at version ${row.version} by now, not ${expectedVersion}; look at it and change it again.`);
      }
      return save(name, withOptions(content, options), undefined, userId);
    },
    async list(userId: string): Promise<{ items: Pipeline[] }> {
      return { items: await pipelinesOf(await store.listPipelines(db), userId) };
    },
    async get(name: string, userId: string): Promise<Pipeline> {
      return (await pipelinesOf([await existing(name)], userId))[0]!;
    },
    async version(name: string, version: number): Promise<PipelineVersion> {
      const { row, content } = await versionWith(name, version);
      return toVersion(row, content, false);
    },
    async listVersions(name: string): Promise<{ items: PipelineVersion[] }> {
      await existing(name);
      const rows = await store.listVersions(db, name);
      return { items: await Promise.all(rows.map(async row => toVersion(row, await contentByHash(db, row.content_hash), false))) };
    },
    async remove(name: string): Promise<void> {
      await existing(name);
      await change(name, async tx => void (await store.setRemoved(tx, name, new Date())));
    },
    async restore(name: string): Promise<void> {
      await change(name, async tx => {
        if (!(await store.setRemoved(tx, name, null))) {
          throw new NotFound('pipeline_not_removed', `There is no removed pipeline ${name}.`);
        }
        await deps.schedules.resume(tx, name);
      });
    },
    /** From now on no failure before is unread for the user. */
    async markSeen(name: string, userId: string): Promise<void> {
      await existing(name);
      await change(name, tx => store.setSeen(tx, userId, name)); // told, so that badges elsewhere go too
    },
    async setSchedule(name: string, schedule: Schedule | null, userId: string): Promise<void> {
      await existing(name);
      await change(name, tx => deps.schedules.set(tx, name, schedule, userId));
    }
  };
}
