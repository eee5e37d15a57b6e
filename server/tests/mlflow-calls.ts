import { randomUUID } from 'node:crypto';
import type { RunningApp } from './running-app';

/** MLflow's API for tests that only want what it answers; `app` is asked for at each call, for it starts after they are declared. */
export function mlflowCalls(app: () => RunningApp) {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows its reply
  async function mlflow(path: string, body: unknown): Promise<any> {
    const response = await fetch(`${app().url}/api/2.0/mlflow${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect([path, response.status]).toEqual([path, 200]);
    return response.json();
  }
  return {
    mlflow,
    experiment: async (name = `experiment ${randomUUID()}`): Promise<string> => ((await mlflow('/experiments/create', { name })) as { experiment_id: string }).experiment_id
  };
}
