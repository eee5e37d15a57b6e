import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelCard } from '@slipway/schema';
import { startApp, type RunningApp } from '../running-app';
import { python, registerByClient } from './python';
import { registryOf } from './registry-fixtures';

jest.setTimeout(120_000);

let app: RunningApp;
let registry: ReturnType<typeof registryOf>;
beforeAll(async () => {
  app = await startApp();
  registry = registryOf(app);
});
afterAll(() => app.stop());

const cardOf = async (name: string, version: string): Promise<ModelCard> => {
  const { status, body } = await app.call('GET', `/models/${name}/versions/${version}/card`);
  expect(status).toBe(200);
  return body as ModelCard;
};
const edit = (name: string, version: string, body: object) => app.call('PATCH', `/models/${name}/versions/${version}/card`, body);

/** Reads an exported card with Hugging Face's own class. */
const READ = `
import json, sys
from huggingface_hub import ModelCard
card = ModelCard(open(sys.argv[1], encoding="utf-8").read())
data = card.data
print(json.dumps({
    "name": data.model_name, "license": data.license, "library": data.library_name, "tags": data.tags, "task": data.pipeline_tag, "language": data.language,
    "results": [[r.task_type, r.dataset_name, r.dataset_type, r.dataset_config, r.dataset_args, r.metric_type, r.metric_value] for r in data.eval_results],
    "text": card.text,
}))`;

test('what is known of a version is a card that Hugging Face’s client reads', async () => {
  const version = await registerByClient(app, 'carded', 0.5);
  await app.call('PUT', '/models/carded/gates', { thresholds: [{ metric: 'accuracy', comparator: '>', value: 0.9 }] });
  await app.call('POST', `/models/carded/versions/${version}/gates`);
  await edit('carded', version, { revision: 0, sections: { intendedUse: 'Tests, and only *tests*.' }, labels: { license: 'apache-2.0', tags: ['people'], language: ['en'] } });

  const response = await fetch(`${app.url}/api/v1/models/carded/versions/${version}/card.md`);
  expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
  const markdown = await response.text();
  expect(markdown).toBe((await cardOf('carded', version)).markdown);
  const file = join(mkdtempSync(join(tmpdir(), 'slipway-card-')), 'README.md');
  writeFileSync(file, markdown);
  const read = JSON.parse(await python(app, '-c', READ, file)) as Record<string, unknown>;
  const people = (country: string) => [`people (country: ${country})`, 'people', `country=${country}`, { country }];
  expect(read).toMatchObject({
    name: 'carded',
    license: 'apache-2.0',
    library: 'sklearn',
    tags: ['mlflow', 'slipway', 'sklearn', 'people'],
    task: 'tabular-classification',
    language: ['en'],
    results: [
      ['tabular-classification', 'people', 'people', null, null, 'accuracy', 0.6],
      ['tabular-classification', ...people('DE'), 'accuracy', 0.5],
      ['tabular-classification', ...people('FR'), 'accuracy', 0.7]
    ]
  });
  const text = read.text as string;
  for (const known of ['# carded', '## Intended use\n\nTests, and only *tests*.', 'load_model("models:/carded/1")', '| DE | 0.5 | 40 |', '| strategy | `most_frequent` |', '| `people` |', '| accuracy \\> 0.9 | 0.6 |  | **failed** |', '| scikit-learn |', '- `run:']) {
    expect(text).toContain(known);
  }
});

test('a person’s text outlives what is made anew, and goes on to the next version until that has its own', async () => {
  const { version, runId } = await registry.version('kept', { accuracy: 0.5 });
  const first = await edit('kept', version, { revision: 0, sections: { summary: 'Guesses.' } });
  expect(first).toMatchObject({ status: 200, body: { revision: 1, inheritedFrom: null, updatedBy: 'owner' } });
  await registry.mlflow('POST', '/runs/log-metric', { run_id: runId, key: 'accuracy', value: 0.75, timestamp: 2, step: 1 });
  const again = await cardOf('kept', version);
  expect(again.markdown).toContain('Guesses.');
  expect(again.generated).toContain('| accuracy | 0.75 |');
  expect(again.generated).not.toContain('Guesses.');

  const next = await registry.version('kept', {});
  expect(await cardOf('kept', next.version)).toMatchObject({ revision: 0, inheritedFrom: version, updatedBy: 'owner' });
  await edit('kept', 'latest', { revision: 0, sections: { contact: 'ann' } });
  const own = await cardOf('kept', 'latest');
  expect(own).toMatchObject({ version: next.version, revision: 1, inheritedFrom: null });
  expect(own.sections.filter(s => s.text !== '').map(s => [s.id, s.text])).toEqual([['summary', 'Guesses.'], ['contact', 'ann']]);
  expect((await cardOf('kept', version)).sections.find(s => s.id === 'contact')!.text).toBe('');
});

test('of two who edit at once one is told to read again', async () => {
  const { version } = await registry.version('raced', {});
  const replies = await Promise.all(['a', 'b', 'c'].map(summary => edit('raced', version, { revision: 0, sections: { summary } })));
  expect(replies.map(r => r.status).sort()).toEqual([200, 409, 409]);
  expect(replies.find(r => r.status === 409)!.body.code).toBe('card_changed');
  expect(await edit('raced', version, { revision: 3, sections: {} })).toMatchObject({ status: 409 });
  expect(await edit('raced', version, { revision: 1, sections: { summary: 'd' } })).toMatchObject({ status: 200, body: { revision: 2 } });
});

test('who may not, and what is not there, is refused', async () => {
  const { version } = await registry.version('locked', {});
  const reader = registry.as(await registry.token('card-reader', 'registry:read'));
  expect((await reader('GET', `/models/locked/versions/${version}/card`)).status).toBe(200);
  expect(await reader('PATCH', `/models/locked/versions/${version}/card`, { revision: 0 })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await edit('locked', version, { revision: 0, sections: { nonsense: 'x' } })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  expect(await edit('locked', '9', { revision: 0 })).toMatchObject({ status: 404, body: { code: 'no_such_version' } });
  expect((await fetch(`${app.url}/api/v1/models/absent/versions/1/card.md`)).status).toBe(404);
});

test('an edit is a change of the version, and an event', async () => {
  const { version } = await registry.version('told', {});
  await edit('told', version, { revision: 0, sections: { summary: 'x' } });
  expect((await app.call('GET', `/models/told/versions/${version}/history`)).body.items.map((c: { kind: string }) => c.kind)).toEqual(['card_edited', 'registered']);
  const events = await app.database.db.selectFrom('event').select('data').where('type', '=', 'model_card.edited').where('subject', '=', 'told').execute();
  expect(events).toEqual([{ data: { name: 'told', version, revision: 1, by: 'owner' } }]);
});
