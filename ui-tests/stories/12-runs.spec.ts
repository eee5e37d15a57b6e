import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { faintTexts } from '../stage/contrast';
import { ROOT } from '../stage/process';
import type { Stage } from '../stage/stage';
import { expect, test } from '../stage/test';

/** What a program that uses MLflow would do. */
async function send(stage: Stage, method: string, path: string, body: string | Uint8Array<ArrayBuffer>): Promise<unknown> {
  const response = await fetch(`${stage.daemonUrl}/api/2.0${path}`, { method, body, headers: { authorization: `Bearer ${stage.token}`, ...(method === 'POST' && { 'content-type': 'application/json' }) } });
  if (!response.ok) {
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
  return response.json();
}

async function experiment(stage: Stage, name: string): Promise<string> {
  return ((await send(stage, 'POST', '/mlflow/experiments/create', JSON.stringify({ name }))) as { experiment_id: string }).experiment_id;
}

async function run(stage: Stage, experiment_id: string, name: string, start: number, loss: number): Promise<string> {
  const { run_id } = ((await send(stage, 'POST', '/mlflow/runs/create', JSON.stringify({ experiment_id, run_name: name, start_time: start }))) as { run: { info: { run_id: string } } }).run.info;
  await send(stage, 'POST', '/mlflow/runs/log-batch', JSON.stringify({ run_id, params: [{ key: 'depth', value: '4' }], metrics: [{ key: 'loss', value: loss, step: 0, timestamp: start }], tags: [] }));
  await send(stage, 'PUT', `/mlflow-artifacts/artifacts/${experiment_id}/${run_id}/artifacts/weights.bin`, new Uint8Array(50_000).fill(Math.round(loss * 100)));
  await send(stage, 'POST', '/mlflow/runs/update', JSON.stringify({ run_id, status: 'FINISHED', end_time: start + 1_000 }));
  return run_id;
}

test('runs are renamed, tagged, moved, deleted and restored from the table, each with its undo; a rule tells what it would do; a purge frees the disk', async ({ page, slipway, stage }) => {
  test.slow();
  const [from] = [await experiment(stage, 'keeping order'), await experiment(stage, 'an archive')];
  const old = Date.now() - 100 * 86_400_000;
  for (let i = 0; i < 6; i++) {
    await run(stage, from, `attempt ${i + 1}`, old + i * 60_000, 0.1 * (i + 1));
  }
  const { view } = slipway;
  await slipway.command('slipway:open-sidebar');
  await slipway.sidebar.getByRole('button', { name: 'Experiments' }).click();
  await view.getByRole('textbox', { name: 'Find an experiment' }).fill('keeping');
  await view.getByRole('navigation').getByRole('button', { name: /keeping order/ }).click();
  const rows = view.getByRole('grid', { name: 'Runs' }).locator('.jp-SlipwayRuns-row');
  await expect(rows).toHaveCount(6);
  const bar = view.getByRole('toolbar', { name: 'Chosen runs' });
  const dialog = page.locator('.jp-Dialog');
  const undo = view.getByRole('button', { name: 'Undo' });

  await test.step('by keys alone: rename', async () => {
    await rows.first().focus();
    await page.keyboard.press('Space');
    await bar.getByRole('button', { name: 'Rename…' }).focus();
    await page.keyboard.press('Enter');
    await dialog.getByRole('textbox').fill('the good one');
    await page.keyboard.press('Enter');
    await expect(rows.first()).toContainText('the good one');
    await undo.click();
    await expect(rows.first()).toContainText('attempt 6');
  });

  await test.step('tag and pin', async () => {
    await rows.nth(4).getByRole('checkbox').check();
    await rows.nth(5).getByRole('checkbox').check();
    await bar.getByRole('button', { name: 'Tag…' }).click();
    await bar.getByRole('textbox', { name: 'Tag' }).fill('owner');
    await bar.getByRole('textbox', { name: 'Value' }).fill('Ada');
    await page.keyboard.press('Enter');
    await expect(view).toContainText('Tagged 2 runs with owner');
    await view.getByRole('searchbox', { name: 'Filter runs' }).fill("tags.owner = 'Ada'");
    await expect(rows).toHaveCount(2);
    await rows.filter({ hasText: 'attempt 1' }).getByRole('checkbox').check();
    await bar.getByRole('button', { name: 'Pin' }).click();
    await expect(view).toContainText('Pinned 1 run');
    await view.getByRole('button', { name: 'Clear' }).click();
    await expect(rows).toHaveCount(6);
  });

  await test.step('move, and back', async () => {
    await rows.first().getByRole('checkbox').check();
    await rows.nth(1).getByRole('checkbox').check();
    await bar.getByRole('button', { name: 'Move…' }).click();
    await dialog.getByRole('combobox').selectOption('an archive');
    await slipway.picture('runs-move');
    await dialog.getByRole('button', { name: 'Move' }).click();
    await expect(rows).toHaveCount(4);
    await expect(view).toContainText('Moved 2 runs to an archive');
    await undo.click();
    await expect(rows).toHaveCount(6);
  });

  await test.step('what a rule would do', async () => {
    await view.getByRole('button', { name: 'Retention' }).click();
    await view.getByLabel('Keep the newest').fill('2');
    await view.getByLabel('Keep those younger than').fill('30');
    await view.getByLabel('Keep the best').fill('1');
    await view.getByLabel('Better is').selectOption('lowest');
    await expect(view.getByText('Now it would delete 3 runs; purged, that frees')).toBeVisible();
    await expect(view.getByText(/It keeps: .*1 pinned/)).toBeVisible();
    expect(await faintTexts(view)).toEqual([]);
    await slipway.picture('retention');
    await page.theme.setDarkTheme();
    expect(await faintTexts(view)).toEqual([]);
    await slipway.picture('retention-dark');
    await page.theme.setLightTheme();
    await view.getByRole('button', { name: 'Keep to this rule' }).click();
    await expect(view.getByRole('button', { name: 'Keep all runs' })).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('delete, restore, purge', async () => {
    await view.getByRole('checkbox', { name: 'Choose all' }).click();
    await expect(bar).toContainText('6 runs chosen');
    await bar.getByRole('button', { name: 'Delete…' }).click();
    await expect(dialog).toContainText('Delete 6 runs?');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await expect(view).toContainText('No run yet');
    await undo.click();
    await expect(rows).toHaveCount(6);
    await rows.first().getByRole('checkbox').check();
    await rows.nth(1).getByRole('checkbox').check();
    await bar.getByRole('button', { name: 'Delete…' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await expect(rows).toHaveCount(4);
    await view.getByRole('checkbox', { name: 'Deleted' }).check();
    await expect(rows).toHaveCount(2);
    await rows.first().getByRole('checkbox').check();
    await bar.getByRole('button', { name: 'Restore' }).click();
    await expect(rows).toHaveCount(1);
    await page.waitForTimeout(32_000); // unused files go when they are half a minute old
    await view.getByRole('button', { name: 'Purge…' }).click();
    await expect(dialog).toContainText('Remove 1 deleted run for ever?');
    await dialog.getByRole('button', { name: 'Purge' }).click();
    await expect(view).toContainText(/1 run is gone for ever; [\d.]+ (KB|kB|KiB) were freed/);
    await expect(view).toContainText('No deleted run');
    await view.getByRole('checkbox', { name: 'Deleted' }).uncheck();
    await expect(rows).toHaveCount(5);
  });

  await test.step('from the page of a run', async () => {
    await rows.first().click();
    const actions = view.getByRole('toolbar', { name: 'This run' });
    await actions.getByRole('button', { name: 'Delete…' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await expect(actions).toContainText('This run is deleted');
    await actions.getByRole('button', { name: 'Restore' }).click();
    await expect(actions.getByRole('button', { name: 'Rename…' })).toBeVisible();
    expect(await faintTexts(view)).toEqual([]);
  });
});

test('files of a run are shown as what they are: Parquet with its columns, tables of JSON, Markdown; a note is Markdown too', async ({ page, slipway, stage }) => {
  const experimentId = await experiment(stage, 'files of all kinds');
  const runId = await run(stage, experimentId, 'with files', Date.now() - 60_000, 0.3);
  const put = (path: string, content: string | Uint8Array<ArrayBuffer>): Promise<unknown> => send(stage, 'PUT', `/mlflow-artifacts/artifacts/${experimentId}/${runId}/artifacts/${path}`, content);
  const made = await tables(stage);
  for (const name of ['zstd.parquet', 'snappy.parquet', 'gzip.parquet']) {
    await put(name, new Uint8Array(readFileSync(join(made, name))));
  }
  await put('broken.parquet', 'PAR1 this is none PAR1');
  await put('answers.json', JSON.stringify({ columns: ['question', 'answer'], data: [['why', 'because'], ['when', 'now']] }));
  await put('readme.md', '# What it is\n\n<img src=x onerror="window.hacked = 1"> **bold** `code`');
  await send(stage, 'POST', '/mlflow/runs/set-tag', JSON.stringify({ run_id: runId, key: 'mlflow.note.content', value: '**Depth 4** was best <script>window.hacked = 1</script>' }));
  const machine = ['cpu_utilization_percentage', 'system_memory_usage_megabytes', 'gpu_0_utilization_percentage'].flatMap(name => [20, 70, 45].map((value, step) => ({ key: `system/${name}`, value, step, timestamp: Date.now() - 60_000 + step * 5_000 })));
  await send(stage, 'POST', '/mlflow/runs/log-batch', JSON.stringify({ run_id: runId, metrics: machine, params: [], tags: [] }));
  const { view } = slipway;
  await slipway.command('slipway:open-tracked-run', { runId, name: 'with files' });
  await expect(view.locator('.jp-SlipwayRunNote strong')).toHaveText('Depth 4');

  await expect(view.getByRole('table', { name: 'Metrics' }).getByRole('row')).toHaveCount(2);
  const part = view.getByRole('region', { name: 'The machine' });
  await expect(part.getByRole('table', { name: 'The machine' }).getByRole('row')).toHaveCount(4);
  await expect(part.locator('.jp-SlipwayCurve canvas')).toHaveCount(3);
  await slipway.picture('run-machine');

  await view.getByRole('tab', { name: 'Files' }).click();
  const files = view.getByRole('navigation', { name: 'Files of the run' });
  const shown = view.getByRole('region', { name: 'Preview' });
  for (const name of ['zstd.parquet', 'snappy.parquet', 'gzip.parquet']) {
    await files.getByRole('button', { name }).click();
    await expect(shown).toContainText(name);
    await expect(shown).toContainText('1000 rows, 4 columns');
    await expect(shown.getByRole('columnheader').nth(1)).toContainText('size');
    await expect(shown.getByRole('row').nth(2)).toContainText('sample 1');
    await expect(shown.getByRole('row')).toHaveCount(101);
    await expect(shown).toContainText('Only the first 100 rows are shown.');
  }
  await page.sidebar.close('left');
  await slipway.picture('run-parquet');
  expect(await faintTexts(view)).toEqual([]);
  await files.getByRole('button', { name: 'broken.parquet' }).click();
  await expect(shown).toContainText('This file cannot be read as Parquet');
  await files.getByRole('button', { name: 'answers.json' }).click();
  await expect(shown.getByRole('columnheader', { name: 'question' })).toBeVisible();
  await expect(shown.getByRole('row', { name: /when/ })).toContainText('now');
  await files.getByRole('button', { name: 'readme.md' }).click();
  await expect(shown.getByRole('heading', { name: 'What it is' })).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
});

/** Parquet files as pyarrow writes them, one a codec; gives their folder. */
async function tables(stage: Stage): Promise<string> {
  const code = `
import pyarrow as pa, pyarrow.parquet as pq
table = pa.table({"name": ["sample %d" % i for i in range(1000)], "size": pa.array(range(1000), pa.int64()), "share": [i / 7 for i in range(1000)], "at": pa.array([i * 10**9 for i in range(1000)], pa.timestamp("us"))})
for codec in ("zstd", "snappy", "gzip"):
    pq.write_table(table, codec + ".parquet", compression=codec)
`;
  await promisify(execFile)(join(ROOT, '.venv/bin/python'), ['-c', code], { cwd: stage.folder });
  return stage.folder;
}
