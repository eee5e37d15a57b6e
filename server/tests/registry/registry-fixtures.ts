import type { RunningApp } from '../running-app';

export interface Reply {
  status: number;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- each test knows its reply
}

/** What tests of the registry do with an app: MLflow's routes as their clients call them, and people with tokens of their own. */
export function registryOf(app: RunningApp) {
  const send = async (base: string, method: string, path: string, body?: unknown, token?: string): Promise<Reply> => {
    const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const response = await fetch(`${app.url}${base}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    return { status: response.status, body: await response.json() };
  };
  const mlflow = (method: string, path: string, body?: unknown): Promise<Reply> => send('/api/2.0/mlflow', method, path, body);

  return {
    mlflow,
    /** MLflow's API with somebody's token. */
    mlflowAs: (token: string) => (method: string, path: string, body?: unknown): Promise<Reply> => send('/api/2.0/mlflow', method, path, body, token),
    /** Our own API with somebody's token. */
    as: (token: string) => (method: string, path: string, body?: unknown): Promise<Reply> => send('/api/v1', method, path, body, token),
    async token(name: string, ...permissions: string[]): Promise<string> {
      return (await app.call('POST', '/tokens', { name, permissions })).body.secret as string;
    },
    /** Registers a version whose run has the metrics and params, and whose one file has so many bytes. */
    async version(name: string, metrics: Record<string, number>, more: { params?: Record<string, string>; tags?: Record<string, string>; bytes?: number } = {}): Promise<{ version: string; runId: string }> {
      await mlflow('POST', '/registered-models/create', { name });
      const { run } = (await mlflow('POST', '/runs/create', { experiment_id: '0', start_time: 1 })).body as { run: { info: { run_id: string; artifact_uri: string } } };
      const runId = run.info.run_id;
      const pairs = (record: Record<string, string> = {}) => Object.entries(record).map(([key, value]) => ({ key, value }));
      await mlflow('POST', '/runs/log-batch', { run_id: runId, metrics: Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: 1, step: 0 })), params: pairs(more.params) });
      const folder = run.info.artifact_uri.replace(/^mlflow-artifacts:\/*/, '');
      await fetch(`${app.url}/api/2.0/mlflow-artifacts/artifacts/${folder}/model/model.bin`, { method: 'PUT', body: Buffer.alloc(more.bytes ?? 10) });
      const made = await mlflow('POST', '/model-versions/create', { name, source: `runs:/${runId}/model`, run_id: runId, tags: pairs(more.tags) });
      return { version: made.body.model_version.version as string, runId };
    }
  };
}
