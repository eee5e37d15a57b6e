import { startApp, type RunningApp } from '../running-app';
import { registryOf, type Reply } from './registry-fixtures';

jest.setTimeout(60_000);

let app: RunningApp;
let registry: ReturnType<typeof registryOf>;
let ann: (method: string, path: string, body?: unknown) => Promise<Reply>;
beforeAll(async () => {
  app = await startApp();
  registry = registryOf(app);
  ann = registry.as(await registry.token('ann', 'system:read', 'registry:read', 'registry:write'));
});
afterAll(() => app.stop());

test('description and tags of a version are written together; what is not given stays', async () => {
  const { version } = await registry.version('edited', {}, { tags: { checked: 'no', team: 'fraud' } });
  const path = `/models/edited/versions/${version}`;
  expect(await ann('PATCH', path, { description: '# Why\nBetter data.', tags: { checked: 'yes', owner: 'ann' } })).toMatchObject({ status: 200, body: { description: '# Why\nBetter data.', tags: { checked: 'yes', owner: 'ann', team: 'fraud' } } });
  expect((await ann('PATCH', path, { tags: { team: null, 'never there': null } })).body).toMatchObject({ description: '# Why\nBetter data.', tags: { checked: 'yes', owner: 'ann' } });
  expect((await ann('GET', path)).body.tags).toEqual({ checked: 'yes', owner: 'ann' });
  const seen = (await registry.mlflow('GET', `/model-versions/get?name=edited&version=${version}`)).body.model_version;
  expect(seen).toMatchObject({ description: '# Why\nBetter data.', tags: expect.arrayContaining([{ key: 'owner', value: 'ann' }]) });
});

test('an edit needs the permission, a version that is there, and tags that fit', async () => {
  const { version } = await registry.version('guarded', {});
  const reader = registry.as(await registry.token('reader', 'registry:read'));
  expect(await reader('PATCH', `/models/guarded/versions/${version}`, { description: 'x' })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await ann('PATCH', '/models/guarded/versions/99', { description: 'x' })).toMatchObject({ status: 404, body: { code: 'no_such_version' } });
  expect(await ann('PATCH', '/models/nobody/versions/1', { description: 'x' })).toMatchObject({ status: 404, body: { code: 'no_such_version' } });
  expect(await ann('PATCH', `/models/guarded/versions/${version}`, { tags: { '': 'x' } })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  expect(await ann('PATCH', `/models/guarded/versions/${version}`, { tags: { ['k'.repeat(251)]: 'x' } })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
});

test('a caller is told who they are: the name that promotions and evidence have', async () => {
  expect(await ann('GET', '/me')).toEqual({ status: 200, body: { person: 'token:ann', permissions: ['system:read', 'registry:read', 'registry:write'] } });
  expect(await app.call('GET', '/me')).toMatchObject({ status: 200, body: { person: 'owner', permissions: expect.arrayContaining(['registry:approve']) } });
});
