import type { ApplyPipelineFiles, ExportTarget, PipelineExport, PipelineFiles, PipelineFilesCheck, PipelineVersion, Schedule } from '@slipway/schema';
import type { BlobStore } from '@slipway/kernels-bridge';
import { stat } from 'node:fs/promises';
import { isAbsolute, normalize } from 'node:path';
import { InvalidInput, NotFound } from '../core/errors';
import { collectLocalModules, contentHash, folderOf, type Pipelines } from '../pipelines';
import { buildContent, type Built } from './build';
import { exportPipeline } from './export';
import { Problems } from './problems';
import { printFiles } from './print-files';
import { readSources } from './read-sources';

export interface PipelineFilesDeps {
  definitions: Pick<Pipelines['definitions'], 'save' | 'versionWith'>;
  schedules: Pick<Pipelines['schedules'], 'list'>;
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

  async function built({ folder, files }: ApplyPipelineFiles): Promise<Built> {
    if (!isAbsolute(folder) || folder.includes('\0')) {
      throw new InvalidInput('path_not_absolute', `The folder of the files must be absolute on the daemon’s machine: ${folder}`);
    }
    const problems = new Problems();
    const sources = readSources(normalize(folder), files, problems);
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
    return made;
  }

  /** The schedule a file can hold; a pipeline's further ones are edited where they are. */
  async function scheduleOf(name: string): Promise<Schedule | null> {
    const found = (await deps.schedules.list(name)).items.find(s => s.name === 'default');
    return found?.cron === undefined ? null : { cron: found.cron, timeZone: found.timeZone, isPaused: found.isPaused };
  }

  return {
    /** Makes the files the newest version of their pipeline, unless they are that already. @throws PipelineFileInvalid, InvalidInput */
    async apply(body: ApplyPipelineFiles, userId: string): Promise<PipelineVersion & { warnings: string[] }> {
      const { name, content, schedule, warnings } = await built(body);
      return { ...(await definitions.save(name, content, schedule, userId)), warnings };
    },
    /** What `apply` would do, without doing it. */
    async check(body: ApplyPipelineFiles): Promise<PipelineFilesCheck> {
      const { name, content, warnings } = await built(body);
      const hash = contentHash(content);
      const newest = await definitions.versionWith(name).catch(absent);
      return { pipeline: name, contentHash: hash, latestVersion: newest?.row.version ?? null, isUnchanged: newest?.row.content_hash === hash, warnings };
    },
    async files(name: string, query: { version?: number; folder?: string }): Promise<PipelineFiles> {
      const { row, content } = await definitions.versionWith(name, query.version);
      return { pipeline: name, version: row.version, contentHash: row.content_hash, files: printFiles(name, content, { folder: query.folder, schedule: await scheduleOf(name) }).files };
    },
    async export(name: string, target: ExportTarget, version?: number): Promise<PipelineExport> {
      const { content } = await definitions.versionWith(name, version);
      return exportPipeline(target, { name, content, schedule: await scheduleOf(name) });
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

function absent(error: unknown): undefined {
  if (!(error instanceof NotFound)) {
    throw error;
  }
}
