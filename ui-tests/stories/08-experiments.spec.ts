import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Client as Postgres } from 'pg';
import { faintTexts } from '../stage/contrast';
import { ROOT } from '../stage/process';
import type { Stage } from '../stage/stage';
import { expect, test } from '../stage/test';

interface Fields {
  name: string;
  start?: number;
  params?: Record<string, string>;
  tags?: Record<string, string>;
  metrics?: Record<string, number[]>;
}

/** What a program that uses MLflow would do. */
class Client {
  constructor(private readonly stage: Stage) {}

  async experiment(name: string): Promise<string> {
    return (await this.post<{ experiment_id: string }>('/mlflow/experiments/create', { name })).experiment_id;
  }

  async run(experiment_id: string, { name, start = Date.now() - 60_000, params = {}, tags = {}, metrics = {} }: Fields): Promise<string> {
    const { run_id } = (await this.post<{ run: { info: { run_id: string } } }>('/mlflow/runs/create', { experiment_id, run_name: name, start_time: start })).run.info;
    const pairs = (record: Record<string, string>): { key: string; value: string }[] => Object.entries(record).map(([key, value]) => ({ key, value }));
    const points = Object.entries(metrics).flatMap(([key, values]) => values.map((value, step) => ({ key, value, step, timestamp: start + step * 1_000 })));
    await this.post('/mlflow/runs/log-batch', { run_id, params: pairs(params), tags: pairs(tags), metrics: points });
    await this.post('/mlflow/runs/update', { run_id, status: 'FINISHED', end_time: start + 41_000 });
    return run_id;
  }

  async put(experimentId: string, runId: string, path: string, content: string | Uint8Array<ArrayBuffer>): Promise<void> {
    await this.send('PUT', `/mlflow-artifacts/artifacts/${experimentId}/${runId}/artifacts/${path}`, content);
  }

  private async post<T>(path: string, body: unknown): Promise<T> {
    return (await this.send('POST', path, JSON.stringify(body))) as T;
  }

  private async send(method: string, path: string, body: string | Uint8Array<ArrayBuffer>): Promise<unknown> {
    const response = await fetch(`${this.stage.daemonUrl}/api/2.0${path}`, { method, body, headers: { authorization: `Bearer ${this.stage.token}`, ...(method === 'POST' && { 'content-type': 'application/json' }) } });
    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    }
    return response.json();
  }
}

/** Twelve runs: two depths, two rates, three seeds; curves that fall and rise. */
async function sweep(client: Client, name: string): Promise<{ experimentId: string; runIds: string[] }> {
  const experimentId = await client.experiment(name);
  const runIds: string[] = [];
  for (const [at, [depth, lr, seed]] of [4, 8].flatMap(d => [0.1, 0.01].flatMap(l => [1, 2, 3].map(s => [d, l, s] as const))).entries()) {
    const wobble = (step: number): number => Math.sin(step * 1.7 + seed) / 60;
    const steps = Array.from({ length: 60 }, (_, step) => step);
    runIds.push(
      await client.run(experimentId, {
        name: `${lr === 0.1 ? 'quick' : 'patient'} tree ${at + 1}`,
        start: Date.now() - 3_600_000 + at * 60_000,
        params: { 'model.max_depth': String(depth), learning_rate: String(lr), seed: String(seed), data: 'tumours.csv' },
        tags: { owner: at % 2 ? 'Ada' : 'Grace' },
        metrics: { loss: steps.map(step => Math.exp((-step * lr) / 3) + 0.2 + wobble(step)), accuracy: steps.map(step => 0.6 + depth / 40 - Math.exp((-step * lr) / 2) / 5 + wobble(step)) }
      })
    );
  }
  return { experimentId, runIds };
}

test('runs are found, sorted, grouped, chosen by keys alone and compared', async ({ page, slipway, stage }) => {
  const { experimentId } = await sweep(new Client(stage), 'boosting sweep');
  const { view } = slipway;
  await slipway.command('slipway:open-sidebar');
  await slipway.sidebar.getByRole('button', { name: 'Experiments' }).click();
  await expect(view.locator('.jp-SlipwayRuns-row').first()).toBeVisible(); // of all experiments: other stories' runs may be newer
  await view.getByRole('textbox', { name: 'Find an experiment' }).fill('boosting');
  await view.getByRole('navigation').getByRole('button', { name: /boosting sweep/ }).click();
  const table = view.getByRole('grid', { name: 'Runs' });
  const rows = table.locator('.jp-SlipwayRuns-row');
  await expect(rows).toHaveCount(12);
  await expect(rows.first()).toContainText('tree 12');
  await expect(table.getByRole('columnheader', { name: /learning_rate/ })).toBeVisible();
  await expect(table.getByRole('columnheader', { name: /^data/ })).toHaveCount(0);

  await table.getByRole('button', { name: 'accuracy' }).click();
  await expect(table.getByRole('columnheader', { name: /accuracy/ })).toHaveAttribute('aria-sort', 'descending');
  await expect(rows.first()).toContainText('quick');
  await table.getByLabel('Which value of loss').selectOption('min');
  await table.getByRole('button', { name: 'loss' }).click();
  await table.getByRole('button', { name: 'loss' }).click();
  await expect(table.getByRole('columnheader', { name: /loss/ })).toHaveAttribute('aria-sort', 'ascending');

  const filter = view.getByRole('searchbox', { name: 'Filter runs' });
  await filter.fill('patient ada');
  await expect(rows).toHaveCount(4);
  await filter.fill("metrics.accuracy > 0.75 AND params.learning_rate = '0.1'");
  await expect(rows).toHaveCount(3);
  await filter.fill('metrics.accuracy > high');
  await expect(view.getByRole('alert')).toContainText("not 'high'");
  await expect(filter).toHaveAttribute('aria-invalid', 'true');
  await filter.fill('no such thing');
  await expect(view).toContainText('No run matches the filter');
  await view.getByRole('button', { name: 'Show all runs' }).click();
  await expect(rows).toHaveCount(12);

  await page.sidebar.close('right');
  await page.sidebar.close('left');
  await slipway.picture('experiments');

  await view.getByRole('button', { name: 'Columns' }).click();
  await view.getByRole('checkbox', { name: 'data' }).check();
  await page.keyboard.press('Escape');
  await expect(table.getByRole('columnheader', { name: /^data/ })).toBeVisible();

  await view.getByRole('checkbox', { name: 'Group repeats' }).check();
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toContainText('×3');
  await expect(rows.first()).toContainText('±');
  await view.getByRole('checkbox', { name: 'Group repeats' }).uncheck();
  await expect(rows).toHaveCount(12);
  await table.getByRole('button', { name: 'Started' }).click();
  await expect(rows.first()).toContainText('tree 12');
  expect(await faintTexts(view)).toEqual([]);

  await rows.first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('End');
  await expect(rows.last()).toBeFocused();
  await page.keyboard.press('Space');
  await expect(view.getByRole('status').filter({ hasText: 'chosen' })).toContainText('3 chosen');
  await view.getByRole('button', { name: 'Compare 3 runs' }).click();

  const side = view.getByRole('table', { name: 'Runs side by side' });
  await expect(side.getByRole('columnheader')).toHaveCount(3);
  await expect(side.getByRole('row', { name: /learning_rate/ })).toHaveAttribute('data-differs', 'true');
  await expect(side.getByRole('row', { name: /^data/ })).toHaveCount(0);
  await expect(side.getByRole('row', { name: /loss/ }).getByRole('img', { name: 'Best' })).toHaveCount(1);
  await side.getByRole('checkbox', { name: 'Differences only' }).uncheck();
  await expect(side.getByRole('row', { name: /^data/ })).toContainText('tumours.csv');
  await expect(view.locator('.jp-SlipwayCurve canvas')).toHaveCount(2);
  await view.getByRole('slider', { name: /Smoothing/ }).fill('0.8');
  await view.getByRole('checkbox', { name: 'Logarithmic' }).check();
  await view.getByRole('combobox', { name: 'Over' }).selectOption('time');
  await slipway.picture('compare');
  expect(await faintTexts(view)).toEqual([]);

  await page.theme.setDarkTheme();
  await page.screenshot({ path: test.info().outputPath('compare-dark.png') });
  expect(await faintTexts(view)).toEqual([]);
  await view.getByRole('region', { name: 'How they go together' }).scrollIntoViewIfNeeded();
  await page.screenshot({ path: test.info().outputPath('relations-dark.png') });
  await slipway.command('slipway:open-experiments');
  expect(await faintTexts(view)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('experiments-dark.png') });

  // What was chosen is still so after a reload.
  await slipway.reload();
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
  await slipway.command('slipway:open-experiments', { experimentId });
  await expect(table.getByRole('columnheader', { name: /^data/ })).toBeVisible();
});

test('a run’s page has its curves, note and files; a page of HTML cannot run scripts', async ({ page, slipway, stage }) => {
  const client = new Client(stage);
  const { experimentId, runIds } = await sweep(client, 'files and notes');
  const runId = runIds[0]!;
  await client.put(experimentId, runId, 'plots/lineage.png', new Uint8Array(readFileSync(join(ROOT, 'docs/images/lineage.png'))));
  await client.put(experimentId, runId, 'predictions.csv', 'id,label,score\n1,"benign, sure",0.98\n2,malignant,0.61\n');
  await client.put(experimentId, runId, 'config.json', '{"model":{"depth":4}}');
  await client.put(experimentId, runId, 'report.html', '<h1>Report</h1><script>document.body.textContent = "broken out"; parent.document.title = "broken"</script>');
  const { view } = slipway;
  await slipway.command('slipway:open-experiments', { experimentId });
  await view.getByRole('row', { name: /quick tree 1 / }).focus();
  await page.keyboard.press('Enter');
  await expect(view.getByRole('heading', { level: 1 })).toHaveText('files and notes · quick tree 1');
  await expect(view.getByRole('table', { name: 'Metrics' })).toContainText('60');

  await view.getByRole('button', { name: 'Write a note' }).click();
  await view.getByRole('textbox', { name: 'Note' }).fill('The quick one.\nSeed 1 is lucky.');
  await view.getByRole('button', { name: 'Save' }).click();
  await expect(view.locator('.jp-SlipwayRunNote-text')).toHaveText('The quick one.\nSeed 1 is lucky.');
  expect(await faintTexts(view)).toEqual([]);
  await expect(view.locator('.jp-SlipwayCurve canvas')).toHaveCount(2);
  await slipway.picture('run-detail');

  await view.getByRole('tab', { name: 'Files' }).click();
  const files = view.getByRole('navigation', { name: 'Files of the run' });
  const preview = view.getByRole('region', { name: 'Preview' });
  await files.getByRole('button', { name: /plots/ }).click();
  await files.getByRole('button', { name: /lineage.png/ }).click();
  await expect.poll(() => preview.getByRole('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(100);
  await page.screenshot({ path: test.info().outputPath('files.png') });
  await files.getByRole('button', { name: /predictions.csv/ }).click();
  await expect(preview.getByRole('cell', { name: 'benign, sure' })).toBeVisible();
  await files.getByRole('button', { name: /config.json/ }).click();
  await expect(preview).toContainText('"depth": 4');
  await files.getByRole('button', { name: /report.html/ }).click();
  await expect(preview.frameLocator('iframe').getByRole('heading')).toHaveText('Report');
  expect(await page.title()).not.toBe('broken');
  const source = await preview.locator('iframe').getAttribute('src');
  const alone = await page.request.get(new URL(source!, stage.labUrl).href);
  expect([alone.status(), alone.headers()['content-security-policy']]).toEqual([200, expect.stringMatching(/^sandbox;/)]);

  await client.put(experimentId, runIds[1]!, 'plots/lineage.png', new Uint8Array(readFileSync(join(ROOT, 'docs/images/pipelines.png'))));
  await slipway.command('slipway:compare-runs', { runIds: runIds.slice(0, 3) });
  const images = view.getByRole('region', { name: 'Images side by side' }).getByRole('img');
  await expect(images).toHaveCount(2);
  await images.first().scrollIntoViewIfNeeded();
  await expect.poll(() => images.last().evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(100);
  await page.screenshot({ path: test.info().outputPath('images.png') });
});

test('trials of a notebook appear by themselves and are compared cell by cell', async ({ page, slipway }) => {
  // An experiment has its notebook's name: under one of its own this one holds no other story's trials.
  const notebook = 'growths.ipynb';
  copyFileSync(slipway.path('tumours.ipynb'), slipway.path(notebook));
  await slipway.openNotebook(notebook);
  await page.notebook.run();
  await expect(slipway.trials).toHaveCount(1);
  await slipway.command('slipway:open-experiments');
  const { view } = slipway;
  await view.getByRole('navigation').getByRole('button', { name: /growths/ }).click();
  const rows = view.locator('.jp-SlipwayRuns-row');
  await expect(rows.first()).toContainText('trial 1');
  await expect(rows.filter({ hasText: 'trial 2' })).toHaveCount(0);

  await page.notebook.activate(notebook);
  await page.notebook.setCell(8, 'code', '# Train\nmodel = RandomForestClassifier(n_estimators=200, max_depth=4, random_state=SEED)\nmodel.fit(train_x, train_y)');
  await page.notebook.runCell(8, true);
  await page.notebook.runCell(9, true);
  await expect(slipway.trials).toHaveCount(2);
  await slipway.command('slipway:open-experiments');
  await expect(rows.first()).toContainText('trial 2');
  await rows.nth(0).getByRole('checkbox').check();
  await rows.nth(1).getByRole('checkbox').check();
  await view.getByRole('button', { name: 'Compare 2 runs' }).click();
  const cells = view.getByRole('region', { name: 'Cells side by side' });
  await expect(cells.locator('[data-kind="removed"]')).toContainText('n_estimators=20,');
  await expect(cells.locator('[data-kind="added"]')).toContainText('n_estimators=200');
  await page.screenshot({ path: test.info().outputPath('compare-cells.png') });

  await slipway.command('slipway:open-experiments');
  await rows.first().locator('.jp-SlipwayRuns-name').click();
  await view.getByRole('tab', { name: 'Cells' }).click();
  await expect(view.locator('.jp-SlipwaySource')).toContainText('n_estimators=200');
  await view.getByRole('tab', { name: 'Environment' }).click();
  await expect(view).toContainText('scikit-learn');
  await page.screenshot({ path: test.info().outputPath('environment.png') });
  await view.getByRole('button', { name: /cell in growths.ipynb/ }).click();
  await expect(page.locator('.jp-NotebookPanel:visible')).toBeVisible();
});

test('where there is no run the page says how one comes about', async ({ slipway, stage }) => {
  const experimentId = await new Client(stage).experiment('still empty');
  await slipway.command('slipway:open-experiments', { experimentId });
  await expect(slipway.view).toContainText('No run yet');
  await expect(slipway.view).toContainText('Run the cells of a notebook');
  await expect(slipway.view.getByRole('button', { name: 'Compare' })).toBeDisabled();
  await slipway.command('slipway:compare-runs', { runIds: [] });
  await expect(slipway.view).toContainText('Choose two runs or more');
  await slipway.command('slipway:open-tracked-run', { runId: '0'.repeat(32) });
  await expect(slipway.view.getByRole('alert')).toContainText('not found');
});

test('a table of 100,000 runs scrolls smoothly, holding only the rows that are seen', async ({ page, slipway, stage }) => {
  const client = new Client(stage);
  const experimentId = await client.experiment('long one');
  await insertRuns(stage, experimentId, 100_000);
  await slipway.command('slipway:open-experiments', { experimentId });
  const { view } = slipway;
  const rows = view.locator('.jp-SlipwayRuns-row');
  await expect(rows.first()).toContainText('run 100000');
  await expect(view.getByRole('grid')).toHaveAttribute('aria-rowcount', '100001');

  const frames = await view.getByRole('grid').evaluate(async grid => {
    const spent: number[] = [];
    for (let at = 0; at < 120; at++) {
      const began = performance.now();
      grid.scrollTop += 900;
      await new Promise(resolve => requestAnimationFrame(resolve));
      spent.push(performance.now() - began);
    }
    return spent.sort((a, b) => a - b);
  });
  test.info().annotations.push({ type: 'frames', description: `median ${frames[60]!.toFixed(0)} ms, 95 % ${frames[114]!.toFixed(0)} ms` });
  expect(frames[60]).toBeLessThan(100);
  for (const share of [0.3, 0.77, 0.5]) {
    await view.getByRole('grid').evaluate((grid, to) => (grid.scrollTop = grid.scrollHeight * to), share);
    await expect(view.locator('.jp-SlipwayRuns-row[aria-busy]')).toHaveCount(0, { timeout: 10_000 });
    await expect(rows.nth(20)).toContainText('run ');
    expect(await rows.count()).toBeLessThan(70);
  }

  await rows.nth(15).focus();
  await page.keyboard.press('End');
  await expect(view.locator('.jp-SlipwayRuns-row[data-index="99999"]')).toContainText('run 1');
  await expect(view.locator('.jp-SlipwayRuns-row[data-index="99999"]')).toBeFocused();
  await view.getByRole('button', { name: 'score' }).click();
  await expect(rows.first()).toContainText('99.999');

  // A run that starts elsewhere appears without a hand.
  await client.run(experimentId, { name: 'the newest', metrics: { score: [1_000] } });
  await expect(rows.first()).toContainText('the newest');
});

/** Runs as a team leaves them over years, put straight into the story's own PostgreSQL. */
async function insertRuns(stage: Stage, experimentId: string, count: number): Promise<void> {
  const postmaster = readdirSync(stage.home, { recursive: true, encoding: 'utf8' }).find(path => basename(path) === 'postmaster.pid');
  const socketFolder = readFileSync(join(stage.home, postmaster!), 'utf8').split('\n')[4]!;
  const db = new Postgres({ host: socketFolder, user: 'slipway', database: 'slipway' });
  await db.connect();
  await db.query(
    `insert into run (id, experiment_id, name, user_id, status, start_time, end_time, artifact_uri)
     select md5(i::text), $1::int8, 'run ' || i, 'ada', 'FINISHED', 1700000000000 + i * 1000, 1700000000500 + i * 1000, 'mlflow-artifacts:/x' from generate_series(1, $2::int) i`,
    [experimentId, count]
  );
  await db.query(`insert into run_param (run_id, key, value) select md5(i::text), 'depth', (i % 10)::text from generate_series(1, $1::int) i`, [count]);
  await db.query(`insert into latest_metric (run_id, key, step, timestamp, value) select md5(i::text), 'score', 0, 0, (i * 7919 % 100000) / 1000.0 from generate_series(1, $1::int) i`, [count]);
  await db.query('analyze run, run_param, latest_metric');
  await db.end();
}
