import type { Artifacts } from '../../artifacts';
import type { Db } from '../../database';
import type { Lineage } from '../../lineage';
import type { Tracking } from '../../tracking';
import { readMlModel, readText, signatureOf, type Signature } from '../mlmodel';
import { runOfVersion } from '../version-run';
import type { Cell, Making } from './differences';

/** What a feature that runs code knows of a run: its cells, what they imported and read. */
export interface RunOrigin {
  notebookPath: string | null;
  cells: readonly Cell[];
  packages: Readonly<Record<string, string>>;
  data: readonly { path: string; digest: string | null }[];
}
/** null where the run is not one of the feature's. */
export type OriginOf = (run: { runId: string; tags: Readonly<Record<string, string>> }) => Promise<RunOrigin | null>;

/** What is known of how a run came about, and of the model that was registered from it. */
export interface KnownMaking extends Making {
  notebookPath: string | null;
  python: string | null;
  signature: Signature | null;
}
export type Makings = ReturnType<typeof createMakings>;

/** How versions and runs came about, from what was recorded when they ran. */
export function createMakings(deps: { db: Db; tracking: Tracking; lineage: Lineage; artifacts: Artifacts; origins: readonly OriginOf[] }) {
  const { db, tracking, artifacts } = deps;

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
    /** `called` is how the notes name it: what is not known is added to them. */
    async of(made: { runId: string | null; folder: string | null }, called: string, notes: string[]): Promise<KnownMaking> {
      const mlmodel = await readMlModel(artifacts, made.folder);
      const ofModel = { python: mlmodel?.flavors?.python_function?.python_version ?? null, signature: signatureOf(mlmodel) };
      const requirements = made.folder === null ? new Map<string, string>() : await requirementsOf(artifacts, made.folder);
      const run = made.runId === null ? null : await runOfVersion(db, tracking, made.runId);
      if (!run) {
        notes.push(`${called} has no run${made.runId === null ? '' : ' any more'}: only its packages are known.`);
        return { ...ofModel, params: new Map(), metrics: new Map(), packages: requirements, data: new Map(), cells: [], notebookPath: null };
      }
      const origin = (await Promise.all(deps.origins.map(of => of(run)))).find(o => o !== null);
      if (!origin) {
        notes.push(`The cells of ${called.replace(/^V/, 'v')} are not known: its run came from elsewhere.`);
      }
      return {
        ...ofModel,
        params: run.params,
        metrics: run.metrics,
        packages: new Map([...Object.entries(origin?.packages ?? {}), ...requirements]),
        data: new Map([...(await datasetsOf(run.runId)), ...(origin?.data ?? []).map(d => [d.path, d.digest] as const)]),
        cells: origin?.cells ?? [],
        notebookPath: origin?.notebookPath ?? null
      };
    }
  };
}

/** `name==version` lines of the model's own requirements.txt, which MLflow wrote from the environment it was logged in. */
async function requirementsOf(artifacts: Artifacts, folder: string): Promise<Map<string, string>> {
  const text = (await readText(artifacts, `${folder}/requirements.txt`)) ?? '';
  return new Map([...text.matchAll(/^([\w.-]+)(?:\[[^\]]*\])?==([^\s;#]+)/gm)].map(([, name, version]) => [name!.toLowerCase(), version!]));
}
