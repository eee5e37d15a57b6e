import type { UriComparison } from '@slipway/schema';
import { registryOf } from '../registry/registry-fixtures';
import { startApp, type RunningApp } from '../running-app';
import { hookSession, metric, read, sha } from './hook-session';

jest.setTimeout(120_000);

let app: RunningApp;
let registry: ReturnType<typeof registryOf>;
beforeAll(async () => {
  app = await startApp();
  registry = registryOf(app);
});
afterAll(() => app.stop());

const ask = (candidate: string, champion: string) => app.call('GET', `/compare?${new URLSearchParams({ candidate, champion }).toString()}`);

async function compare(candidate: string, champion: string): Promise<UriComparison> {
  const { status, body } = await ask(candidate, champion);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as UriComparison;
}

test('two runs of notebooks differ in cells, params, metrics, packages and data', async () => {
  const trial = async (notebook: string, depth: number, digest: string, numpy: string): Promise<string> => {
    const session = hookSession(app, notebook);
    await session.run(
      { id: 'load', source: 'rows = open("rows.csv").read()', bound: ['rows'], data: [read('/w/rows.csv', digest)], packages: { numpy } },
      { id: 'fit', source: `score = fit(rows, depth=${depth})`, bound: ['score'], read: ['rows'], metrics: [metric('score', depth / 10)] }
    );
    return (await session.trials())[0]!.id;
  };
  const first = await trial('/w/a.ipynb', 3, sha('a'), '1.0');
  const second = await trial('/w/b.ipynb', 5, sha('b'), '2.0');
  const found = await compare(`run:${second}`, `run:${first}`);
  expect(found).toMatchObject({
    candidate: { uri: `run:${second}`, runId: second, label: 'trial 1' },
    params: [{ name: 'fit.depth', candidate: '5', champion: '3' }],
    metrics: [{ name: 'score', candidate: 0.5, champion: 0.3 }],
    packages: [{ name: 'numpy', candidate: '2.0', champion: '1.0' }],
    data: [{ path: '/w/rows.csv', candidate: sha('b'), champion: sha('a') }],
    notes: []
  });
  expect(found.cells).toMatchObject([{ cellId: 'fit', change: 'changed' }]);
  expect(await compare(`run:${first}`, `run:${first}`)).toMatchObject({ params: [], metrics: [], packages: [], data: [], cells: [] });
});

test('versions of different models are compared, by number, latest or alias, and with a run', async () => {
  const forest = await registry.version('forest', { accuracy: 0.8 }, { params: { trees: '5' } });
  await registry.version('boost', { accuracy: 0.9 }, { params: { rounds: '50' } });
  await app.call('PUT', '/models/boost/aliases/best', { version: '1' });
  const found = await compare('model:boost@best', 'model:forest@latest');
  expect(found).toMatchObject({
    candidate: { uri: 'model:boost@1', label: 'boost v1' },
    champion: { uri: 'model:forest@1', runId: forest.runId },
    params: [{ name: 'rounds', candidate: '50', champion: null }, { name: 'trees', candidate: null, champion: '5' }]
  });
  expect(found.metrics).toMatchObject([{ name: 'accuracy', candidate: 0.9, champion: 0.8 }]);
  expect((await compare('model:forest@1', `run:${forest.runId}`)).params).toEqual([]);
});

test('what is not there is a 404, what is no run and no model a 400', async () => {
  const { runId } = await registry.version('there', {});
  for (const [uri, code] of [['run:none', 'no_such_run'], ['model:none@1', 'no_such_model'], ['model:there@9', 'no_such_version'], ['model:there@none', 'no_such_alias'], ['logged-model:m-1', 'no_such_logged_model']]) {
    expect(await ask(uri!, `run:${runId}`)).toMatchObject({ status: 404, body: { code } });
  }
  for (const uri of ['dataset:/x', 'model:there', '']) {
    expect(await ask(uri, `run:${runId}`)).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  }
});
