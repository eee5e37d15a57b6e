import { mkdirSync, writeFileSync } from 'node:fs';
import { faintTexts } from '../stage/contrast';
import type { Slipway } from '../stage/slipway';
import { expect, test, type Page } from '../stage/test';

/** Looks at the page in front in both themes; a picture of each is kept. */
async function lookInBothThemes(page: Page, slipway: Slipway, name: string): Promise<void> {
  for (const theme of ['Dark', 'Light']) {
    await page.theme.setTheme(`JupyterLab ${theme}`);
    expect(await faintTexts(slipway.view)).toEqual([]);
    await slipway.picture(theme === 'Dark' ? `${name}-dark` : name);
  }
}

test('a backfill takes days of its own zone and hands each to a param; its intervals, their runs and errors are listed, and its cap is changed', async ({ page, slipway, stage }) => {
  test.setTimeout(300_000);
  await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'filled');
  const { view } = slipway;
  await slipway.command('slipway:open-pipeline', { name: 'filled' });
  await view.getByRole('button', { name: 'Run for a range of the past' }).click();
  const form = view.getByRole('form', { name: 'Backfill' });
  await expect(form).toContainText('they all begin with the same values');
  await form.getByLabel('Days of').selectOption('Asia/Tokyo');
  await form.getByLabel('From', { exact: true }).fill('2026-03-01');
  await form.getByLabel('To, not included').fill('2026-03-05');
  await form.getByLabel('Where MODE comes from').selectOption('is when its data begins');
  await expect(form.getByLabel('written as of MODE')).toHaveValue('yyyy-MM-dd');
  await form.getByLabel('Where SECONDS comes from').selectOption('is always');
  await form.getByLabel('Value of SECONDS').fill('a few');
  await expect(form.getByRole('button', { name: 'Show the intervals' })).toBeDisabled();
  await form.getByLabel('Value of SECONDS').fill('3');
  await form.getByRole('button', { name: 'Show the intervals' }).click();
  await expect(form.getByRole('status').filter({ hasText: '4 intervals' })).toContainText('2026-03-01 – 2026-03-02 SECONDS = 3, MODE = 2026-03-01');
  await form.getByRole('button', { name: 'Start 4 runs' }).scrollIntoViewIfNeeded();
  await lookInBothThemes(page, slipway, 'backfill-form');
  await form.getByRole('button', { name: 'Start 4 runs' }).click();

  const list = view.getByRole('list', { name: 'Backfills' });
  const open = list.getByRole('button', { name: 'Intervals of 2026-03-01 to 2026-03-05' });
  await open.focus();
  await page.keyboard.press('Enter');
  const intervals = list.getByRole('table', { name: 'Intervals' });
  await expect(intervals.locator('tbody tr')).toHaveCount(4);
  await list.getByLabel('Runs at once').fill('3');
  await list.getByLabel('Runs at once').press('Enter');
  const backfills = async () => (await slipway.api<{ items: { id: string; from: string; maxConcurrent: number; counts: { succeeded: number } }[] }>('/pipelines/filled/backfills')).items;
  await expect.poll(async () => (await backfills())[0]!.maxConcurrent).toBe(3);
  await expect(list).toContainText('4 of 4', { timeout: 120_000 });
  await expect(intervals.locator('tbody tr').filter({ hasText: 'Succeeded' })).toHaveCount(4);
  expect(await backfills()).toMatchObject([{ from: '2026-02-28T15:00:00.000Z', counts: { succeeded: 4 } }]);

  await view.getByRole('button', { name: 'Run for a range of the past' }).click();
  await form.getByLabel('From', { exact: true }).fill('2026-03-01');
  await form.getByLabel('To, not included').fill('2026-03-03');
  await form.getByLabel('Where MODE comes from').selectOption('is always');
  await form.getByLabel('Value of MODE').fill('file');
  await form.getByRole('button', { name: 'Show the intervals' }).click();
  await form.getByRole('button', { name: 'Start 2 runs' }).click();
  await expect(list).toContainText('2 failed', { timeout: 120_000 });
  await list.getByRole('button', { name: 'Intervals of 2026-03-01 to 2026-03-03' }).click();
  await expect(intervals.first().locator('tbody tr').first()).toContainText('The step load_data failed.');
  await list.scrollIntoViewIfNeeded();
  await lookInBothThemes(page, slipway, 'backfill-intervals');
  await intervals.first().getByRole('button', { name: 'Open the run of 2026-03-01' }).click();
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('A backfill by');
});

test('the forms of schedules and triggers show params and bindings, and keep what they do not show; a firing hands its file on; a secret is renewed', async ({ page, slipway, stage }) => {
  test.setTimeout(300_000);
  await stage.cli('productionize', slipway.path('bowl.ipynb'), '--name', 'handed');
  const bindings = [{ param: 'KIND', from: 'dataIntervalStart', format: 'yyyy-MM-dd' }, { param: 'X', from: 'dataIntervalEnd', format: 'yyyy' }];
  await slipway.api('/pipelines/handed/schedules', { name: 'nightly', cron: '0 3 * * *', isPaused: true, catchUp: 'all', maxCatchUp: 7, params: { WAIT: 1 }, bindings });
  const { view } = slipway;
  await slipway.command('slipway:open-pipeline', { name: 'handed' });
  await view.getByRole('button', { name: 'Change the schedule nightly' }).click();
  const schedule = view.getByRole('form', { name: 'Schedule' });
  await expect(schedule.getByLabel('Where X comes from')).toHaveValue('dataIntervalEnd');
  await expect(schedule.getByLabel('Value of WAIT')).toHaveValue('1');
  await expect(schedule.getByLabel('Missed or waiting, at most')).toHaveValue('7');
  await schedule.getByLabel('written as of KIND').fill('yyyyMM');
  await schedule.getByLabel('Runs at once').fill('2');
  await lookInBothThemes(page, slipway, 'schedule-form');
  await schedule.getByRole('button', { name: 'Save schedule' }).click();
  await expect(schedule).toBeHidden();
  expect((await slipway.api<{ items: object[] }>('/pipelines/handed/schedules')).items).toMatchObject([{ catchUp: 'all', maxCatchUp: 7, maxConcurrent: 2, params: { WAIT: 1 }, bindings: [{ ...bindings[0], format: 'yyyyMM' }, bindings[1]] }]);

  const folder = slipway.path('incoming');
  mkdirSync(folder, { recursive: true });
  await view.getByRole('button', { name: 'Add a trigger' }).click();
  const trigger = view.getByRole('form', { name: 'Trigger' });
  await trigger.getByLabel('Name of the trigger').fill('arrivals');
  await trigger.getByLabel('Starts on').selectOption('an event');
  await expect(trigger.locator('datalist option[value="model_version.created"]')).toHaveCount(1);
  await trigger.getByLabel('Starts on').selectOption('new or changed files');
  await trigger.getByRole('textbox', { name: 'Files' }).fill(`${folder}/*.csv`);
  await trigger.getByLabel('Unchanged for (seconds)').fill('0');
  await trigger.getByLabel('Times an hour, at most').fill('50');
  await trigger.getByLabel('Where KIND comes from').selectOption('comes from what fires it');
  await expect(trigger.getByLabel('found at of KIND')).toHaveValue('/data/files/0');
  await lookInBothThemes(page, slipway, 'trigger-form');
  await trigger.getByRole('button', { name: 'Save trigger' }).click();
  await expect(trigger).toBeHidden();
  const { items } = await slipway.api<{ items: { id: string; maxPerHour: number }[] }>('/pipelines/handed/triggers');
  expect(items).toMatchObject([{ maxPerHour: 50, when: { any: [{ all: [{ settleMs: 0 }] }] } }]);
  let files = 0;
  const started = async (): Promise<string | null> => {
    writeFileSync(`${folder}/${++files}.csv`, '1'); // the first look only learns what is there
    return (await slipway.api<{ items: { runId: string | null }[] }>(`/triggers/${items[0]!.id}/firings`)).items[0]?.runId ?? null;
  };
  await expect.poll(started, { timeout: 60_000, intervals: [1_500] }).not.toBeNull();
  const run = await slipway.api<{ params: { KIND: string } }>(`/pipeline-runs/${await started()}`);
  expect(run.params.KIND).toMatch(/incoming\/\d+\.csv$/);
  await view.getByRole('list', { name: 'Triggers' }).getByRole('button', { name: 'Pause' }).click();

  await view.getByRole('button', { name: 'Add a trigger' }).click();
  await trigger.getByLabel('Name of the trigger').fill('pushed');
  await trigger.getByLabel('Starts on').selectOption('a webhook');
  await trigger.getByRole('button', { name: 'Save trigger' }).click();
  const secret = view.getByRole('status').locator('code');
  await expect(secret).toBeVisible();
  const first = await secret.textContent();
  await view.getByRole('button', { name: 'New secret for the trigger pushed' }).click();
  await expect(secret).not.toHaveText(first!);

  await slipway.command('slipway:open-pipelines');
  await expect(view.getByRole('row').filter({ hasText: 'handed' })).toContainText('on pushed');
});

test('news of what training rules found are ticked, and stay when others are', async ({ slipway, stage }) => {
  await stage.cli('productionize', slipway.path('bowl.ipynb'), '--name', 'watched');
  const { view } = slipway;
  await slipway.command('slipway:edit-pipeline', { name: 'watched' });
  const news = view.getByRole('region', { name: 'News' });
  await news.getByRole('button', { name: 'Add a webhook' }).click();
  await news.getByLabel('URL').fill('https://example.org/hook');
  await news.getByLabel('URL').blur();
  await news.getByLabel('finding').check();
  await news.getByLabel('succeeded').check();
  // The daemon would look the host up before it saves, which a stage without a network cannot.
  for (const occasion of ['failed', 'finding', 'succeeded']) {
    await expect(news.getByLabel(occasion)).toBeChecked();
  }
});

test('a sweep is started from the notebook, with fixed params, a seed and a pruner; another like it begins with all of them', async ({ page, slipway }) => {
  test.setTimeout(300_000);
  await slipway.openNotebook('bowl.ipynb');
  await slipway.command('slipway:sweep-notebook');
  const { view } = slipway;
  await expect(view.getByRole('heading', { level: 1 })).toContainText('Search better values for bowl.ipynb');
  await view.getByLabel('Pipeline name').fill('better-bowl');
  await view.getByRole('button', { name: 'Check and save' }).click();
  await expect(view.getByLabel('How X is searched')).toBeVisible({ timeout: 120_000 });
  await view.getByLabel('How X is searched').selectOption('float');
  await view.getByLabel('How KIND is searched').selectOption('is always');
  await view.getByLabel('Value of KIND').fill('tilted');
  await view.getByLabel('Metric').selectOption('loss');
  await view.getByLabel('Stop bad trials early').selectOption('ASHA');
  await view.getByLabel('Of so many one goes on').fill('3');
  await view.getByLabel('Trials', { exact: true }).fill('3');
  await view.getByLabel('Fails after so many failures in a row').fill('2');
  await view.getByLabel('Seed, for the same trials again').fill('7');
  await view.getByRole('button', { name: 'Start the sweep' }).scrollIntoViewIfNeeded();
  await lookInBothThemes(page, slipway, 'sweep-of-notebook');
  await view.getByRole('button', { name: 'Start the sweep' }).click();
  await expect(view).toContainText('3 of 3', { timeout: 120_000 });
  const sweeps = async () => (await slipway.api<{ items: object[] }>('/sweeps?pipeline=better-bowl')).items;
  const asked = { params: { KIND: 'tilted' }, sampler: { kind: 'tpe', seed: 7 }, pruner: { kind: 'asha', minResource: 1, reductionFactor: 3 }, maxTrials: 3, maxFailures: 2 };
  expect(await sweeps()).toMatchObject([asked]);

  await view.getByRole('button', { name: 'New sweep like this…' }).click();
  await expect(view.getByLabel('Seed, for the same trials again')).toHaveValue('7');
  await expect(view.getByLabel('Value of KIND')).toHaveValue('tilted');
  await view.getByRole('button', { name: 'Start the sweep' }).click();
  await expect(view.getByRole('heading', { name: 'better-bowl 2' })).toBeVisible();
  expect(await sweeps()).toMatchObject([asked, asked]);

  await page.activity.activateTab('bowl.ipynb');
  await slipway.command('slipway:sweep-notebook');
  await expect(view.getByRole('button', { name: 'Search better-bowl as saved in version 1' })).toBeVisible();
});
