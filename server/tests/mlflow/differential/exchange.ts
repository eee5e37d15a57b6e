/** One request of a story; `{name}` in paths and bodies stands for what an earlier reply was saved as. */
export interface Request {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/2.0/mlflow`, with query. */
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Names for values of the reply: `{ run: 'run.info.run_id' }`. */
  save?: Record<string, string>;
  /** Parts of the reply that are each server's own business, by key; the texts of errors always are. */
  ignore?: string[];
  /** Why our answer is another than MLflow's on purpose. */
  differs?: string;
}
export interface Answer {
  status: number;
  /** With the server's own ids, times and folders replaced by what they are. */
  body: unknown;
}

/** Keys that hold an instant the server chose. */
const TIMES = new Set(['creation_time', 'last_update_time', 'creation_timestamp', 'last_updated_timestamp', 'creation_timestamp_ms', 'last_updated_timestamp_ms', 'timestamp_ms']);

/** Lists in no order. */
const KEYED = new Set(['metrics', 'params', 'tags', 'aliases']);

/** Sends the requests of a story to one server, in order. */
export async function tell(base: string, story: readonly Request[]): Promise<Answer[]> {
  const saved = new Map<string, string>();
  const answers: Answer[] = [];
  for (const request of story) {
    const body = request.body === undefined ? undefined : fill(typeof request.body === 'string' ? request.body : JSON.stringify(request.body), saved);
    const response = await fetch(`${base}/api/2.0/mlflow${fill(request.path, saved)}`, {
      method: request.method,
      ...(body !== undefined && { body }),
      headers: request.headers ?? (body === undefined ? {} : { 'content-type': 'application/json' })
    });
    const reply = parse(await response.text());
    for (const [name, path] of Object.entries(request.save ?? {})) {
      const value = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], reply);
      saved.set(name, String(value));
    }
    answers.push({ status: response.status, body: normalize(reply, saved, new Set(request.ignore)) });
  }
  return answers;
}

function fill(text: string, saved: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => saved.get(name) ?? whole);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function normalize(value: unknown, saved: ReadonlyMap<string, string>, ignored: ReadonlySet<string>, key = ''): unknown {
  if (TIMES.has(key)) {
    return '<time>';
  }
  if (Array.isArray(value)) {
    const items = value.map(item => normalize(item, saved, ignored));
    return KEYED.has(key) ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (typeof value === 'object' && value !== null) {
    const compared = Object.entries(value).filter(([k]) => k !== 'message' && !ignored.has(k));
    const entries = compared.map(([k, v]) => [k, normalize(v, saved, ignored, k)] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  if (typeof value === 'string') {
    const known = [...saved].find(([, v]) => v === value);
    return known ? `{${known[0]}}` : value.replace(/^(mlflow-artifacts:\/)?\/?.*\/artifacts(?=\/|$)/, '<artifacts>');
  }
  return value;
}
