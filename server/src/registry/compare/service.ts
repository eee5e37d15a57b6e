import { readFile } from 'node:fs/promises';
import type { ModelComparison } from '@slipway/schema';
import type { Artifacts } from '../../artifacts';
import type { Db } from '../../database';
import type { Lineage } from '../../lineage';
import type { Tracking } from '../../tracking';
import type { Registry } from '../service';
import { runOfVersion } from '../version-run';
import { differences, type Cell, type Making } from './differences';

/** What a feature that runs code knows of a run: its cells, what they imported and read. */
export interface RunOrigin {
  cells: readonly Cell[];
  packages: Readonly<Record<string, string>>;
  data: readonly { path: string; digest: string | null }[];
}
/** null where the run is not one of the feature's. */
export type OriginOf = (run: { runId: string; tags: Readonly<Record<string, string>> }) => Promise<RunOrigin | null>;

const MOST_REQUIREMENTS_BYTES = 1_000_000;

/** "What changed between these two versions", from what was recorded when their runs ran. */
export function createComparison(deps: { db: Db; registry: Registry; tracking: Tracking; lineage: Lineage; artifacts: Artifacts; origins: readonly OriginOf[] }) {
  const { db, registry, tracking } = deps;

  async function makingOf(version: Awaited<ReturnType<Registry['resolve']>>, notes: string[]): Promise<Making> {
    const requirements = version.folder === null ? new Map<string, string>() : await requirementsOf(deps.artifacts, version.folder);
    const run = version.runId === null ? null : await runOfVersion(db, tracking, version.runId);
    if (!run) {
      notes.push(`Version ${version.version} has no run${version.runId === null ? '' : ' any more'}: only its packages are known.`);
      return { params: new Map(), metrics: new Map(), packages: requirements, data: new Map(), cells: [] };
    }
    const origin = (await Promise.all(deps.origins.map(of => of(run)))).find(o => o !== null);
    if (!origin) {
      notes.push(`The cells of version ${version.version} are not known: its run came from elsewhere.`);
    }
    return {
      params: run.params,
      metrics: run.metrics,
      packages: new Map([...Object.entries(origin?.packages ?? {}), ...requirements]),
      data: new Map([...(await datasetsOf(run.runId)), ...(origin?.data ?? []).map(d => [d.path, d.digest] as const)]),
      cells: origin?.cells ?? []
    };
  }

  /** Files that lineage says went straight into the run, and datasets that MLflow's client logged as its inputs. */
  async function datasetsOf(runId: string): Promise<Map<string, string | null>> {
    const [{ edges }, { datasets }] = await Promise.all([deps.lineage.edges({ uri: `run:${runId}`, direction: 'up', depth: 1 }), tracking.runs.view(runId)]);
    const files = edges.flatMap(({ from }) => {
      const [, path, digest] = /^dataset:(.*?)(?:@sha256:([0-9a-f]+))?$/s.exec(/@mlflow:[^@]+$/.test(from) ? '' : from) ?? [];
      return path === undefined ? [] : [[path, digest ?? null] as const];
    });
    return new Map([...datasets.map(d => [d.dataset.name, d.dataset.digest] as const), ...files]);
  }

  return {
    /** @throws {NotFound} `no_such_model`, `no_such_version`, `no_such_alias` */
    async compare(name: string, which: { candidate: string; champion: string }): Promise<ModelComparison> {
      const [candidate, champion] = [await registry.resolve(name, which.candidate), await registry.resolve(name, which.champion)];
      const notes: string[] = [];
      const [mine, theirs] = [await makingOf(candidate, notes), await makingOf(champion, notes)];
      const differ = differences(mine, theirs);
      const areCellsKnown = mine.cells.length > 0 && theirs.cells.length > 0;
      const side = ({ version, runId }: typeof candidate) => ({ version, runId });
      return { model: name, candidate: side(candidate), champion: side(champion), ...differ, cells: areCellsKnown ? differ.cells : [], notes };
    }
  };
}

export type ModelComparisons = ReturnType<typeof createComparison>;

/** `name==version` lines of the model's own requirements.txt, which MLflow wrote from the environment it was logged in. */
async function requirementsOf(artifacts: Artifacts, folder: string): Promise<Map<string, string>> {
  const file = await artifacts.files.get(`${folder}/requirements.txt`);
  // A file that is named and not on this disk tells nothing.
  const text = file && file.sizeBytes < MOST_REQUIREMENTS_BYTES ? await readFile(artifacts.blobs.pathOf(file.digest), 'utf8').catch(() => '') : '';
  return new Map([...text.matchAll(/^([\w.-]+)(?:\[[^\]]*\])?==([^\s;#]+)/gm)].map(([, name, version]) => [name!.toLowerCase(), version!]));
}
