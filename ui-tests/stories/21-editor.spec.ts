import { expect, test } from '../stage/test';

test('a pipeline’s step is renamed and given options, with undo and redo; what changes is listed, checked and saved as its next version', async ({ slipway, stage }) => {
  test.setTimeout(300_000);
  await stage.cli('productionize', slipway.path('tumours.ipynb'), '--name', 'edited');
  const { view } = slipway;
  await slipway.command('slipway:edit-pipeline', { name: 'edited' });
  await expect(view.locator('.jp-SlipwayCard')).toHaveCount(5);
  await expect(view.getByText('Nothing is changed yet.')).toBeVisible();
  const changes = view.getByRole('list', { name: 'Changes' });

  await slipway.card('prepare').click();
  await view.getByLabel('Name', { exact: true }).fill('split_data');
  await view.getByLabel('Name', { exact: true }).press('Enter');
  await expect(changes).toContainText('Step prepare is called split_data');
  await view.getByText('Resources, retries, conditions').click();
  await view.getByLabel('Retries after an error').fill('2');
  await view.getByLabel('Retries after an error').blur();
  await expect(changes).toContainText('retry of split_data');
  await view.getByRole('button', { name: 'Undo' }).click();
  await expect(changes).not.toContainText('retry of split_data');
  await expect(view.getByLabel('Retries after an error')).toHaveValue('');
  await view.getByRole('button', { name: 'Redo' }).click();
  await expect(slipway.card('split_data')).toContainText('2 retries');

  await view.getByLabel('SEED').uncheck();
  await expect(changes).toContainText('SEED is no parameter any more');
  await slipway.picture('editor-changes');
  await view.getByRole('button', { name: 'Check and save' }).click();
  await expect(view.locator('.jp-SlipwaySame')).toContainText('Same result', { timeout: 200_000 });
  await expect(view.locator('.jp-SlipwaySaved')).toContainText('Saved as edited, version 2');
  await view.getByRole('button', { name: 'Go on editing version 2' }).click();
  await expect(view.getByText('Nothing is changed yet.')).toBeVisible();
  const version = await slipway.api<{ steps: { name: string }[]; params: { name: string }[]; options: { steps: Record<string, { retry: { maxRetries: number } }> } }>('/pipelines/edited/versions/2');
  expect(version.steps.map(step => step.name)).toContain('split_data');
  expect(version.params.map(param => param.name)).not.toContain('SEED');
  expect(version.options.steps.split_data!.retry.maxRetries).toBe(2);
});

test('news and limits are saved without a check; what cannot be is refused in words, and another’s newer version is not overwritten', async ({ slipway, stage }) => {
  await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'told');
  const { view } = slipway;
  await slipway.command('slipway:edit-pipeline', { name: 'told' });
  const news = view.getByRole('region', { name: 'News' });
  await news.getByRole('button', { name: 'Add mail' }).click();
  await view.getByRole('button', { name: 'Save as version 2' }).click();
  await expect(view.getByRole('alert').first()).toBeVisible();
  await news.getByRole('button', { name: 'Remove the news 1' }).click();
  await view.getByLabel('Runs at once').fill('1');
  await view.getByLabel('Runs at once').blur();
  await expect(view.getByRole('list', { name: 'Changes' })).toContainText('maxActiveRuns: nothing → 1');
  const response = await fetch(`${stage.daemonUrl}/api/v1/pipelines/told/options`, { method: 'PUT', body: JSON.stringify({ priority: 3 }), headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' } });
  expect(response.status).toBe(200);
  await view.getByRole('button', { name: 'Save as version 2' }).click();
  await expect(view.getByRole('alert').first()).toContainText('version 2 by now');
});

test('schedules go by an interval and triggers by and/or; a removal is undone', async ({ slipway, stage }) => {
  await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'timed');
  const { view } = slipway;
  await slipway.command('slipway:open-pipeline', { name: 'timed' });
  await view.getByRole('button', { name: 'Add a schedule' }).click();
  await view.getByLabel('Fires').selectOption('interval');
  await view.getByLabel('Every', { exact: true }).fill('90');
  await view.getByLabel('Unit').selectOption('minutes');
  await view.getByRole('button', { name: 'Save schedule' }).click();
  const schedules = view.getByRole('list', { name: 'Schedules' });
  await expect(schedules).toContainText('default');
  expect((await slipway.api<{ items: { intervalMs: number }[] }>('/pipelines/timed/schedules')).items).toMatchObject([{ intervalMs: 5_400_000 }]);
  await view.getByRole('button', { name: 'Remove the schedule default' }).click();
  await expect(schedules).toBeHidden();
  await view.getByRole('button', { name: 'Undo' }).click();
  await expect(schedules).toContainText('default');

  await view.getByRole('button', { name: 'Add a trigger' }).click();
  const form = view.getByRole('form', { name: 'Trigger' });
  await form.getByLabel('Name of the trigger').fill('either');
  await form.getByRole('textbox', { name: 'Files' }).fill(slipway.path('incoming/*.csv'));
  await form.getByRole('button', { name: 'and …' }).click();
  await form.getByLabel('Starts on').nth(1).selectOption('event');
  await form.getByLabel('Type of the event').fill('model_version.created');
  await form.getByRole('button', { name: 'or …' }).click();
  await form.getByLabel('Starts on').nth(2).selectOption('webhook');
  await slipway.picture('trigger-form');
  await form.getByRole('button', { name: 'Save trigger' }).click();
  await expect(view.getByText('which is shown only now')).toBeVisible();
  const triggers = view.getByRole('list', { name: 'Triggers' });
  await expect(triggers).toContainText('and the event model_version.created, or a call of its webhook');
  await triggers.getByRole('button', { name: 'Pause' }).click();
  await expect(triggers).toContainText('paused');
  await triggers.getByRole('button', { name: 'Change the trigger either' }).click();
  await form.getByLabel('Waits until quiet for (seconds)').fill('5');
  await form.getByRole('button', { name: 'Remove condition 1 of group 2' }).click();
  await form.getByRole('button', { name: 'Save trigger' }).click();
  await expect(triggers).not.toContainText('webhook');
  expect((await slipway.api<{ items: object[] }>('/pipelines/timed/triggers')).items).toMatchObject([{ isPaused: true, debounceMs: 5_000, when: { any: [{ all: [{ kind: 'files' }, { kind: 'event' }] }] } }]);
  await triggers.getByRole('button', { name: 'Remove the trigger either' }).click();
  await expect(triggers).toBeHidden();
  await view.getByRole('button', { name: 'Undo' }).last().click();
  await expect(triggers).toContainText('either');

  await slipway.command('slipway:open-pipelines');
  await view.getByRole('button', { name: 'Remove the pipeline timed' }).click();
  await expect(view.getByRole('button', { name: 'timed', exact: true })).toBeHidden();
  await view.getByRole('button', { name: 'Undo' }).click();
  await expect(view.getByRole('button', { name: 'timed', exact: true })).toBeVisible();
});

test('a step’s options are set while a notebook is productionized, and a later version keeps them', async ({ slipway, stage }) => {
  test.setTimeout(300_000);
  await slipway.openNotebook('orders.ipynb');
  await slipway.command('slipway:productionize');
  const { view } = slipway;
  await view.getByLabel('Pipeline name').fill('limited');
  await view.locator('.react-flow__node').last().click();
  await view.getByText('Resources, retries, conditions').click();
  await view.getByLabel('Time limit (minutes)').fill('7');
  await view.getByLabel('Time limit (minutes)').blur();
  await view.getByRole('button', { name: 'Check and save' }).click();
  await expect(view.locator('.jp-SlipwaySaved')).toContainText('Saved as limited, version 1', { timeout: 120_000 });
  const options = async (version: number): Promise<unknown> => Object.values((await slipway.api<{ options: { steps: object } }>(`/pipelines/limited/versions/${version}`)).options.steps);
  expect(await options(1)).toEqual([{ timeoutMs: 420_000 }]);
  await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'limited', '--param', 'SECONDS=1');
  expect(await options(2)).toEqual([{ timeoutMs: 420_000 }]);
});
