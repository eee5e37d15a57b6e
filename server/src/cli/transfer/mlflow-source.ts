import { join } from 'node:path';
import { parsePythonJson } from '../../core/python-json';
import { CliError, EXIT } from '../output';
import { localFiles, localFolder, openLocal, type SourceFile } from './local-files';

interface Pair {
  key: string;
  value: string;
}
export interface SourceMetric {
  key: string;
  value: number | string;
  timestamp: number | string;
  step: number | string;
}
export interface SourceRun {
  info: { run_id: string; run_name?: string; experiment_id: string; user_id?: string; status: string; start_time?: number | string; end_time?: number | string; lifecycle_stage: string; artifact_uri: string };
  data: { metrics?: SourceMetric[]; params?: Pair[]; tags?: Pair[] };
  inputs?: { dataset_inputs?: { tags?: Pair[]; dataset: { name: string; digest: string; source_type?: string; source?: string; schema?: string; profile?: string } }[] };
}
export interface SourceLoggedModel {
  info: { model_id: string; name: string; model_type?: string; source_run_id?: string; status: string; artifact_uri: string; tags?: Pair[] };
  data?: { params?: Pair[]; metrics?: (SourceMetric & { run_id: string })[] };
}
export interface SourceVersion {
  version: string;
  source?: string;
  run_id?: string;
  model_id?: string;
  description?: string;
  user_id?: string;
  current_stage?: string;
  creation_timestamp?: number | string;
  tags?: Pair[];
}
export interface SourceModel {
  name: string;
  description?: string;
  tags?: Pair[];
  aliases?: { alias: string; version: string }[];
}
type Page = { next_page_token?: string };
export type MlflowSource = ReturnType<typeof openMlflow>;

const API = 'api/2.0/mlflow';
/** What MLflow has for its own pages alone. */
const PAGES_API = 'ajax-api/2.0/mlflow';
const FILES = 'api/2.0/mlflow-artifacts/artifacts';
const PAGE = 200;
const BULK_POINTS = 25_000;
const BULK_RUNS = 100;

/**
 * Reads a tracking server by MLflow's REST API: MLflow's own, or another
 * Slipway.
 *
 * @param here where its files lie on this machine: they are read from the disk
 * then. `{}` for artifact roots that are folders, with `proxied` also for what
 * its proxy keeps below that folder.
 */
export function openMlflow(url: string, token: string | null, here: { proxied?: string } | null = null) {
  const base = url.replace(/\/+$/, '');
  const headers = { ...(token && { authorization: `Bearer ${token}` }) };

  async function fetchFrom(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(`${base}/${path}`, { ...init, headers: { ...headers, ...(init.body !== undefined && { 'content-type': 'application/json' }) } }).catch((cause: unknown) => {
      throw new CliError(EXIT.failed, 'source_away', `Nobody answers at ${base} (${cause instanceof Error ? String(cause.cause ?? cause.message) : ''}).`);
    });
    if (!response.ok) {
      throw new CliError(EXIT.failed, 'source_refused', `${base} answered ${response.status} to ${path.split('?')[0]}: ${(await response.text()).slice(0, 300)}`);
    }
    return response;
  }
  const pathOnDisk = (path: string): string | null => (path.startsWith('/') ? path : here?.proxied === undefined ? null : join(here.proxied, path));
  const get = async <T>(path: string): Promise<T> => (await (await fetchFrom(`${API}/${path}`)).text().then(parsePythonJson)) as T;
  const post = async <T>(path: string, body: object): Promise<T> => (await (await fetchFrom(`${API}/${path}`, { method: 'POST', body: JSON.stringify(body) })).text().then(parsePythonJson)) as T;

  async function* pages<T extends Page>(read: (token: string | undefined) => Promise<T>): AsyncGenerator<T> {
    for (let token: string | undefined, isMore = true; isMore; isMore = token !== undefined && token !== '') {
      const page = await read(token);
      yield page;
      token = page.next_page_token;
    }
  }

  async function historyOf(runId: string, key: string): Promise<SourceMetric[]> {
    const points: SourceMetric[] = [];
    for await (const page of pages(page_token => get<Page & { metrics?: SourceMetric[] }>(`metrics/get-history?${query({ run_id: runId, metric_key: key, max_results: BULK_POINTS, page_token })}`))) {
      points.push(...(page.metrics ?? []));
    }
    return points;
  }

  return {
    url: base,
    async *experiments(): AsyncGenerator<{ experiment_id: string; name: string; tags?: Pair[] }> {
      for await (const page of pages(page_token => post<Page & { experiments?: { experiment_id: string; name: string; tags?: Pair[] }[] }>('experiments/search', { max_results: PAGE, view_type: 'ACTIVE_ONLY', ...(page_token && { page_token }) }))) {
        yield* page.experiments ?? [];
      }
    },
    /** Pages of runs, deleted ones too. */
    async *runs(experimentId: string): AsyncGenerator<SourceRun[]> {
      for await (const page of pages(page_token => post<Page & { runs?: SourceRun[] }>('runs/search', { experiment_ids: [experimentId], run_view_type: 'ALL', max_results: PAGE, order_by: ['attributes.start_time ASC'], ...(page_token && { page_token }) }))) {
        yield page.runs ?? [];
      }
    },
    /** All points of all metrics of the runs, by run and key: many runs at a call, and alone where one has too many. */
    async histories(runs: readonly SourceRun[]): Promise<Map<string, Map<string, SourceMetric[]>>> {
      const found = new Map(runs.map(run => [run.info.run_id, new Map<string, SourceMetric[]>()]));
      const keys = new Set(runs.flatMap(run => (run.data.metrics ?? []).map(m => m.key)));
      for (const key of keys) {
        const having = runs.filter(run => run.data.metrics?.some(m => m.key === key)).map(run => run.info.run_id);
        for (let i = 0; i < having.length; i += BULK_RUNS) {
          const ids = having.slice(i, i + BULK_RUNS);
          const asked = `${PAGES_API}/metrics/get-history-bulk?${ids.map(id => `run_id=${id}`).join('&')}&${query({ metric_key: key, max_results: BULK_POINTS })}`;
          const { metrics = [] } = parsePythonJson(await (await fetchFrom(asked)).text()) as { metrics?: (SourceMetric & { run_id: string })[] };
          const isCut = metrics.length >= BULK_POINTS;
          for (const id of ids) {
            found.get(id)!.set(key, isCut ? await historyOf(id, key) : metrics.filter(m => m.run_id === id));
          }
        }
      }
      return found;
    },
    async *loggedModels(experimentId: string): AsyncGenerator<SourceLoggedModel> {
      for await (const page of pages(page_token => post<Page & { models?: SourceLoggedModel[] }>('logged-models/search', { experiment_ids: [experimentId], max_results: 50, ...(page_token && { page_token }) }))) {
        yield* page.models ?? [];
      }
    },
    async *models(): AsyncGenerator<SourceModel> {
      for (const filter of ['', "tags.`mlflow.prompt.is_prompt` = 'true'"]) {
        for await (const page of pages(page_token => get<Page & { registered_models?: SourceModel[] }>(`registered-models/search?${query({ filter, max_results: PAGE, page_token })}`))) {
          yield* page.registered_models ?? [];
        }
      }
    },
    async versions(name: string): Promise<SourceVersion[]> {
      const versions: SourceVersion[] = [];
      const filter = `name = '${name.replaceAll("'", "''")}'`;
      for await (const page of pages(page_token => get<Page & { model_versions?: SourceVersion[] }>(`model-versions/search?${query({ filter, max_results: PAGE, page_token })}`))) {
        versions.push(...(page.model_versions ?? []));
      }
      return versions;
    },
    /** Folder behind the artifact proxy, or one of this machine, which begins with `/`; null for files that cannot be read. */
    folderOf: (uri: string): string | null => proxiedFolder(uri) ?? (here ? localFolder(uri) : null),
    /** All files below such a folder, by their paths. */
    async *files(folder: string, below = ''): AsyncGenerator<SourceFile> {
      const onDisk = pathOnDisk(folder);
      if (onDisk !== null) {
        yield* localFiles(onDisk);
        return;
      }
      const { files = [] } = (await (await fetchFrom(`${FILES}?${query({ path: [folder, below].filter(Boolean).join('/') })}`)).json()) as { files?: { path: string; is_dir: boolean; file_size?: number | string }[] };
      for (const file of files) {
        const path = [below, file.path].filter(Boolean).join('/');
        if (file.is_dir) {
          yield* this.files(folder, path);
        } else {
          yield { path, sizeBytes: file.file_size === undefined ? null : Number(file.file_size) };
        }
      }
    },
    /** A file's bytes. */
    async open(path: string): Promise<ReadableStream<Uint8Array>> {
      const onDisk = pathOnDisk(path);
      if (onDisk !== null) {
        return openLocal(onDisk);
      }
      return (await fetchFrom(`${FILES}/${path.split('/').map(encodeURIComponent).join('/')}`)).body!;
    }
  };
}

/** Folder behind the artifact proxy; null where the files lie elsewhere and cannot be read through the server. */
export function proxiedFolder(uri: string): string | null {
  return /^mlflow-artifacts:\/*(?:[^/]+:\d+\/)?(.*)$/.exec(uri)?.[1]?.replace(/\/+$/, '') ?? null;
}

function query(values: Record<string, string | number | undefined>): string {
  const given = Object.entries(values).filter(([, v]) => v !== undefined && v !== '');
  return new URLSearchParams(given.map(([k, v]): [string, string] => [k, String(v)])).toString();
}
