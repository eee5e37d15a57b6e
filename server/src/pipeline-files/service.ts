import { ScheduleSpec, TriggerSpec, type AppliedPipelineFiles, type ApplyPipelineFiles, type CheckPipelineFiles, type ExportTarget, type NewHook, type PipelineExport, type PipelineFiles, type PipelineFilesCheck } from '@slipway/schema';
import type { BlobStore } from '@slipway/kernels-bridge';
import { stat } from 'node:fs/promises';
import type { z } from 'zod';
import { InvalidInput, NotFound } from '../core/errors';
import type { Db, Tx } from '../database';
import { collectLocalModules, contentHash, folderOf, resolvePath, type Pipelines } from '../pipelines';
import type { Triggers } from '../triggers';
import { buildContent, type Built } from './build';
import { exportPipeline } from './export';
import { addPlaced, Problems } from './problems';
import { printFiles } from './print-files';
import { readSources } from './read-sources';
import type { Locate } from './read-yaml';
import { starterChanges, within, type KnownStarters } from './starters';

export interface PipelineFilesDeps {
  definitions: Pick<Pipelines['definitions'], 'save' | 'versionWith'>;
  schedules: Pick<Pipelines['schedules'], 'list' | 'put' | 'keepOnly' | 'checkTimes'>;
  triggers: Pick<Triggers, 'list' | 'put' | 'keepOnly' | 'checkUpstreams' | 'poke'>;
  db: Db;
  blobs: BlobStore;
  /** @throws InvalidInput `kernel_not_found`, `kernel_not_python` */
  checkKernel(name: string): Promise<void>;
  /** What this machine has in all. */
  capacity(): { cpus: { total: number }; memoryBytes: { total: number }; gpus: readonly unknown[] };
}

export type PipelineFilesService = ReturnType<typeof createPipelineFiles>;

/** Pipelines as files: applied, compared, given back, and written for other orchestrators. */
export function createPipelineFiles(deps: PipelineFilesDeps) {
  const { definitions } = deps;

  async function built({ folder, files }: ApplyPipelineFiles): Promise<Built & { locate: Locate }> {
    const problems = new Problems();
    const sources = readSources(resolvePath(folder), files, problems);
    const made = buildContent(sources, problems);
    const { cpus, memoryBytes, gpus } = deps.capacity();
    checkResources(sources, { cpus: cpus.total, memoryBytes: memoryBytes.total, gpus: gpus.length }, problems);
    problems.throwIfAny();
    await deps.checkKernel(made.content.kernelName);
    const where = folderOf(made.content);
    if (!(await stat(where).catch(() => undefined))?.isDirectory()) {
      throw new InvalidInput('folder_not_found', `There is no folder ${where} on the daemon’s machine; the steps would run in it.`);
    }
    made.content.modules = await collectLocalModules(where, made.content.cells.map(c => c.source), deps.blobs);
    return { ...made, locate: sources.locate };
  }

  /** What starts a pipeline by itself; nothing does where there is no such pipeline yet. */
  async function startersOf(name: string): Promise<KnownStarters> {
    const [schedules, triggers] = [await deps.schedules.list(name), await deps.triggers.list(name).catch(absent)];
    return { schedules: schedules.items.map(s => strip(ScheduleSpec, s)), triggers: triggers?.items.map(t => strip(TriggerSpec, t)) ?? [] };
  }

  /** What the file says of starters becomes so; gives the webhooks that are new. @throws PipelineFileInvalid with the place of the first fault */
  async function putStarters(tx: Tx, { name, starters, locate }: Built & { locate: Locate }, userId: string): Promise<NewHook[]> {
    const hooks: NewHook[] = [];
    const { schedules, triggers } = starters;
    if (schedules) {
      await deps.schedules.keepOnly(tx, name, schedules.map(s => s.name));
    }
    for (const spec of schedules ?? []) {
      await orPlaced(locate, ['schedules', spec.name], () => deps.schedules.put(tx, name, spec, userId));
    }
    if (triggers) {
      await deps.triggers.keepOnly(tx, name, triggers.map(t => t.name));
    }
    for (const spec of triggers ?? []) {
      const { id, secret } = await orPlaced(locate, ['triggers', spec.name], () => deps.triggers.put(tx, name, spec, userId));
      hooks.push(...(secret === null ? [] : [{ trigger: spec.name, path: `/hooks/${id}`, secret }]));
    }
    return hooks;
  }

  return {
    /** Makes the files the newest version of their pipeline, unless they are that already, and what starts it as they say; all of it or nothing. @throws PipelineFileInvalid, InvalidInput */
    async apply(body: ApplyPipelineFiles, userId: string): Promise<AppliedPipelineFiles> {
      const made = await built(body);
      const { name, content, starters, warnings } = made;
      const changes = starterChanges(starters, await startersOf(name));
      let hooks: NewHook[] = [];
      const saved = await definitions.save(name, content, starters.schedule, userId, async tx => void (hooks = await putStarters(tx, made, userId)));
      deps.triggers.poke();
      return { ...saved, starters: changes, hooks, warnings };
    },
    /** What `apply` would do, without doing it. */
    async check({ alongside, ...body }: CheckPipelineFiles): Promise<PipelineFilesCheck> {
      const { name, content, starters, locate, warnings } = await built(body);
      for (const spec of starters.triggers ?? []) {
        await orPlaced(locate, ['triggers', spec.name], () => deps.triggers.checkUpstreams(deps.db, name, spec, alongside));
      }
      const hash = contentHash(content);
      const newest = await definitions.versionWith(name).catch(absent);
      const changes = starterChanges(starters, newest ? await startersOf(name) : { schedules: [], triggers: [] });
      // One that has ended and is as it was, stays.
      for (const spec of starters.schedules?.filter(s => changes.some(c => c.kind === 'schedule' && c.name === s.name)) ?? []) {
        await orPlaced(locate, ['schedules', spec.name], () => deps.schedules.checkTimes(spec));
      }
      return { pipeline: name, contentHash: hash, latestVersion: newest?.row.version ?? null, isUnchanged: newest?.row.content_hash === hash && changes.length === 0, starters: changes, warnings };
    },
    async files(name: string, query: { version?: number; folder?: string }): Promise<PipelineFiles> {
      const { row, content } = await definitions.versionWith(name, query.version);
      return { pipeline: name, version: row.version, contentHash: row.content_hash, files: printFiles(name, content, { folder: query.folder, starters: await startersOf(name) }).files };
    },
    async export(name: string, target: ExportTarget, version?: number): Promise<PipelineExport> {
      const { content } = await definitions.versionWith(name, version);
      return exportPipeline(target, { name, content, starters: await startersOf(name) });
    }
  };
}

function checkResources({ file, locate }: ReturnType<typeof readSources>, room: { cpus: number; memoryBytes: number; gpus: number }, problems: Problems): void {
  for (const [name, step] of Object.entries(file.steps)) {
    const asked = step.resources;
    if (!asked || (step.engine !== undefined && step.engine !== 'local')) {
      continue; // an engine knows its own room
    }
    for (const key of ['cpus', 'memoryBytes', 'gpus'] as const) {
      const wanted = asked[key] * asked.ranks;
      if (wanted > room[key]) {
        problems.add(locate(['steps', name, 'resources', key]), `${name} asks for ${wanted} ${key}${asked.ranks > 1 ? ` over ${asked.ranks} ranks` : ''}; this machine has ${room[key]}. Ask for less, or name an engine that has more.`);
      }
    }
  }
}

/** A spec out of what is shown of it. */
function strip<T extends z.ZodRawShape>(spec: z.ZodObject<T>, shown: object): z.output<z.ZodObject<T>> {
  return spec.parse(Object.fromEntries(Object.entries(shown).filter(([key]) => key in spec.shape)));
}

/** What a service of ours refuses is told with its place in the file. @throws PipelineFileInvalid */
async function orPlaced<T>(locate: Locate, keys: readonly string[], work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const problems = new Problems();
    addPlaced(error, within(locate, keys), problems);
    problems.throwIfAny();
    throw error;
  }
}

function absent(error: unknown): undefined {
  if (!(error instanceof NotFound)) {
    throw error;
  }
}
