import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '../stage/test';

const SCRIPT = '# %% [load]\nROWS = 4\nframe = list(range(ROWS))\n\n# %% [clean]\nrows = [row for row in frame if row > 0]\n\n# %% [total]\ntotal = sum(rows)\nprint(total)\n';
const YAML = `# Owned by the data team.
slipway: 1
name: filed
script: filed.py

steps:
  load: {outputs: [frame]}   # from the lake
  clean: {}
  total:
    timeoutMs: 60000 # a minute is plenty
schedules:
  nightly: {cron: 0 3 * * *, timeZone: Europe/Berlin}
`;

test('a pipeline file opens as its graph; edits stand in its text and nothing else does, with undo; it is saved, and taken into Slipway', async ({ slipway, page, tmpPath }) => {
  const path = slipway.path('filed.pipeline.yaml');
  const text = (): string => readFileSync(path, 'utf8');
  writeFileSync(path, YAML);
  writeFileSync(slipway.path('filed.py'), SCRIPT);
  await page.filebrowser.refresh();
  await page.filebrowser.open(`${tmpPath}/filed.pipeline.yaml`);
  const { view } = slipway;
  await expect(view.locator('.jp-SlipwayCard')).toHaveCount(3);
  await expect(view.getByRole('list', { name: 'What starts it' })).toContainText('nightly');

  await slipway.card('total').click();
  await view.getByText('Resources, retries, conditions').click();
  await view.getByLabel('Time limit (minutes)').fill('2');
  await view.getByLabel('Time limit (minutes)').blur();
  const changes = view.getByRole('list', { name: 'Changes' });
  await expect(changes).toContainText('timeoutMs of total');
  await slipway.card('load').click();
  await slipway.card('clean').click({ modifiers: ['Shift'] });
  await view.getByRole('button', { name: 'Merge steps' }).click();
  await expect(view.locator('.jp-SlipwayCard')).toHaveCount(2);
  await view.getByRole('button', { name: 'Undo' }).click();
  await expect(view.locator('.jp-SlipwayCard')).toHaveCount(3);
  await slipway.picture('pipeline-file');
  expect(text()).toBe(YAML);
  await view.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(text).toBe(YAML.replace('60000', '120000'));
  await expect(changes).toBeHidden();

  await view.getByRole('button', { name: 'Take into Slipway' }).click();
  await expect(view.getByRole('status').filter({ hasText: 'version 1' })).toBeVisible();
  expect(await slipway.api('/pipelines/filed/versions/1')).toMatchObject({ options: { steps: { total: { timeoutMs: 120_000 } } } });
  expect(await slipway.api('/pipelines/filed/schedules')).toMatchObject({ items: [{ name: 'nightly' }] });

  await view.getByRole('button', { name: 'Show the text' }).click();
  const editor = page.locator('.jp-FileEditor .cm-content');
  await editor.getByText('  clean: {}').click();
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('retires: 1}');
  await expect(view.getByRole('alert')).toContainText('filed.pipeline.yaml:8:');
  await slipway.picture('pipeline-file-fault');
});
