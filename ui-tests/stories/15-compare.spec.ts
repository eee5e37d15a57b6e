import { faintTexts } from '../stage/contrast';
import type { Stage } from '../stage/stage';
import { expect, test } from '../stage/test';

async function send(stage: Stage, path: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${stage.daemonUrl}/api/2.0/mlflow${path}`, { method: 'POST', body: JSON.stringify(body), headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' } });
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.json()) as Record<string, unknown>;
}

async function version(stage: Stage, experiment_id: string, name: string, depth: number, accuracy: number, isNew = true): Promise<string> {
  const { info } = (await send(stage, '/runs/create', { experiment_id, run_name: `${name} at ${depth}`, start_time: Date.now() })).run as { info: { run_id: string } };
  const run_id = info.run_id;
  await send(stage, '/runs/log-batch', { run_id, params: [{ key: 'depth', value: String(depth) }, { key: 'kind', value: 'tree' }], metrics: [{ key: 'accuracy', value: accuracy, step: 0, timestamp: 1 }], tags: [] });
  await send(stage, '/runs/update', { run_id, status: 'FINISHED', end_time: Date.now() });
  if (isNew) {
    await send(stage, '/registered-models/create', { name });
  }
  await send(stage, '/model-versions/create', { name, source: `runs:/${run_id}/model`, run_id });
  return run_id;
}

test('versions of two models, and runs, are compared in all that differs, by keys too', async ({ page, slipway, stage }) => {
  test.slow();
  const experimentId = (await send(stage, '/experiments/create', { name: 'compared' })).experiment_id as string;
  await version(stage, experimentId, 'left model', 3, 0.8);
  await version(stage, experimentId, 'left model', 5, 0.9, false);
  const last = await version(stage, experimentId, 'right model', 7, 0.85);
  const { view } = slipway;

  await test.step('from the page of models: versions of different models', async () => {
    await slipway.command('slipway:open-models');
    await view.getByRole('button', { name: 'Compare …' }).click();
    await expect(view.getByText('Choose what to compare')).toBeVisible();
    await view.getByRole('combobox', { name: 'From: model or run' }).selectOption('left model');
    await view.getByRole('combobox', { name: 'From: version' }).selectOption('1');
    await view.getByRole('combobox', { name: 'To: model or run' }).focus();
    await page.keyboard.type('right');
    await expect(view.getByRole('columnheader', { name: 'left model v1' }).first()).toBeVisible();
    await expect(view.getByRole('columnheader', { name: 'right model v1' }).first()).toBeVisible();
    await expect(view.getByRole('region', { name: 'Params' }).getByRole('row', { name: /depth/ })).toContainText('37');
    await expect(view.getByRole('region', { name: 'Metrics' }).getByRole('row', { name: /accuracy/ })).toContainText('better');
    await view.getByRole('button', { name: 'Swap' }).click();
    await expect(view.getByRole('region', { name: 'Metrics' }).getByRole('row', { name: /accuracy/ })).toContainText('worse');
    expect(await faintTexts(view)).toEqual([]);
    await slipway.picture('compare-models');
    await page.theme.setDarkTheme();
    expect(await faintTexts(view)).toEqual([]);
    await slipway.picture('compare-models-dark');
    await page.theme.setLightTheme();
    await view.getByRole('combobox', { name: 'From: model or run' }).selectOption('left model');
    await view.getByRole('combobox', { name: 'To: version' }).selectOption('2');
    await expect(view.getByText('Both are the same')).toBeVisible();
  });

  await test.step('from the page of one model: its version beside another', async () => {
    await slipway.command('slipway:open-model', { name: 'left model' });
    await view.getByRole('button', { name: 'Compare …' }).click();
    await expect(view.getByRole('region', { name: 'Params' }).getByRole('row', { name: /depth/ })).toContainText('35');
  });

  await test.step('from runs side by side: any two of them, and a run beside a model', async () => {
    const rows = await slipway.api<{ items: { id: string }[] }>('/run-rows', { experimentId });
    await slipway.command('slipway:compare-runs', { runIds: rows.items.map(row => row.id) });
    await view.getByRole('button', { name: 'Data, packages and all else of two …' }).click();
    await expect(view.getByRole('region', { name: 'Params' }).getByRole('row', { name: /depth/ })).toContainText('37');
    await view.getByRole('combobox', { name: 'From: model or run' }).selectOption('left model at 5');
    await expect(view.getByRole('region', { name: 'Params' }).getByRole('row', { name: /depth/ })).toContainText('57');
    await view.getByRole('combobox', { name: 'From: model or run' }).selectOption('left model');
    await expect(view.getByRole('columnheader', { name: 'left model v2' }).first()).toBeVisible();
  });

  await test.step('a run’s tab says its name', async () => {
    await slipway.command('slipway:open-tracked-run', { runId: last });
    await expect(page.getByRole('tab', { name: 'right model at 7' })).toBeVisible();
  });
});
