import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faintTexts } from '../stage/contrast';
import type { Stage } from '../stage/stage';
import { expect, test } from '../stage/test';

interface Options {
  project?: string;
  steps: Record<string, Record<string, unknown>>;
}

/** An engine whose address nobody answers at, named while the story goes on. */
const ENGINES = `engines:
  - name: rays
    kind: ray
    url: http://127.0.0.1:9
    shared: { folder: SHARED }
    nodes: { python: /usr/bin/python3, sandbox: none }
    limits: { cpus: 16, memory: 64GiB, gpus: 2 }
`;

async function restartWith(stage: Stage, engines: string | null): Promise<void> {
  const file = join(stage.home, 'engines.yaml');
  await stage.stopDaemon();
  if (engines === null) {
    rmSync(file);
  } else {
    writeFileSync(file, engines.replace('SHARED', join(stage.folder, 'shared')));
  }
  await stage.startDaemon();
}

async function set(stage: Stage, method: 'PUT' | 'DELETE', path: string, body: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' };
  expect((await fetch(`${stage.daemonUrl}/api/v1${path}`, { method, body: JSON.stringify(body), headers })).status).toBe(200);
}

test.describe('with an engine', () => {
  test.use({ actionTimeout: 20_000 });
  test.beforeAll(({ stage }) => restartWith(stage, ENGINES));
  test.afterAll(({ stage }) => restartWith(stage, null));

  test('a step asks for whatever the scheduler can give, and a pipeline counts as its project’s; what is wrong is said at its field', async ({ page, slipway, stage }) => {
    test.setTimeout(240_000);
    await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'asking');
    const { view } = slipway;
    await slipway.command('slipway:edit-pipeline', { name: 'asking' });
    await page.sidebar.close('left');
    await page.sidebar.close('right');
    const changes = view.getByRole('list', { name: 'Changes' });
    await view.getByLabel('Project', { exact: true }).fill('vision');
    await view.getByLabel('Project', { exact: true }).blur();
    await expect(changes).toContainText('vision');
    const [{ name: step }] = (await slipway.api<{ steps: [{ name: string }] }>('/pipelines/asking/versions/1')).steps;
    await slipway.card(step).click();
    await view.getByText('Resources, retries, conditions').click();
    const options = view.getByRole('group', { name: `Options of the step ${step}` });
    await expect(options.getByLabel('Runs on')).toContainText('rays (ray, does not answer)');
    await options.getByLabel('Runs on').selectOption('rays');
    await expect(options.getByRole('note')).toContainText('does not answer');
    await options.getByLabel('Runs on').selectOption('local');

    // What few need is behind one more door, opened by keyboard.
    await expect(options.getByLabel('Licences')).toBeHidden();
    await options.getByText('More: kinds of GPU').focus();
    await page.keyboard.press('Enter');
    await options.getByLabel('Licences').fill('fluxsolve 2');
    await options.getByLabel('Priority of the step').fill('5');
    await options.getByLabel('it took too long').check();
    await options.getByLabel('First wait').fill('30');
    await options.getByLabel('Secrets').fill('API_KEY = secret:api-key');
    await options.getByLabel('While it trains').selectOption('own');
    await options.getByRole('button', { name: 'Add a rule' }).click();
    await options.getByLabel('Slices of the MIG profile').fill('half of one');
    await expect(options.locator('label').filter({ hasText: 'Slices of the MIG profile' }).getByRole('status')).toContainText('looks like `1g.10gb`');
    await expect(options.getByLabel('Slices of the MIG profile')).toHaveAttribute('aria-invalid', 'true');
    await slipway.picture('step-asks');
    await page.theme.setDarkTheme();
    expect(await faintTexts(view)).toEqual([]);
    await slipway.picture('step-asks-dark');
    await page.theme.setLightTheme();
    await options.getByLabel('Slices of the MIG profile').fill('');
    for (let left = await options.getByRole('button', { name: /^Remove rule/ }).count(); left > 1; left--) {
      await options.getByRole('button', { name: 'Remove rule 1', exact: true }).click();
    }
    // The daemon knows what this form does not: it says so at the field, too.
    await options.getByLabel('Pool').fill('nowhere');
    await options.getByLabel('Pool').blur();
    await view.getByRole('button', { name: 'Save as version 2' }).click();
    await expect(options.locator('label').filter({ hasText: 'Pool' }).getByRole('status')).toHaveText('There is no pool nowhere.');
    await options.getByLabel('Pool').fill('');
    await options.getByLabel('Pool').blur();
    const save = view.getByRole('button', { name: 'Save as version 2' });
    await save.click();
    await expect(options.getByText('It asks for 2 licences of fluxsolve; there are none.')).toBeVisible();
    await slipway.picture('step-refused');
    await set(stage, 'PUT', '/cluster/licences/fluxsolve', { total: 2 });
    await save.click();
    await expect(options.locator('label').filter({ hasText: 'Secrets, one a line' }).getByRole('status')).toContainText('There is no secret api-key');
    await set(stage, 'PUT', '/secrets/api-key', { value: 'not to be told' });
    await save.click();
    await expect(view.getByText('Nothing is changed yet.')).toBeVisible();
    const saved = (await slipway.api<{ options: Options }>('/pipelines/asking/versions/2')).options;
    expect(saved).toMatchObject({
      project: 'vision',
      steps: { [step]: { priority: 5, resources: { licences: { fluxsolve: 2 } }, retry: { on: ['timeout'], backoffMs: 30_000 }, rules: [{ kind: 'not_finite' }], secrets: { API_KEY: { secret: 'api-key' } } } }
    });

    // What is said is seen when one comes back.
    await slipway.card(step).click();
    await view.getByText('Resources, retries, conditions').click();
    await expect(options.getByLabel('Licences')).toHaveValue('fluxsolve 2');
    await set(stage, 'DELETE', '/cluster/licences/fluxsolve', {});
    await set(stage, 'DELETE', '/secrets/api-key', {});
  });

  test('of a long queue the Jobs page shows what starts next, how many more wait, and whose; the engine stands beside the nodes', async ({ page, slipway, stage }) => {
    test.setTimeout(240_000);
    const { view } = slipway;
    await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'crowd');
    const [node] = (await slipway.api<{ nodes: { id: string }[] }>('/cluster')).nodes;
    const drain = (isDrained: boolean): Promise<void> => set(stage, 'PUT', `/cluster/nodes/${node!.id}`, { isDrained });
    await drain(true);
    const runs = await Promise.all(Array.from({ length: 56 }, () => slipway.api<{ runId: string }>('/pipelines/crowd/runs', { useCache: false })));

    // A notebook's own run counts as a project's as well.
    await slipway.openNotebook('tumours.ipynb');
    await slipway.command('slipway:run-on-cluster');
    await view.getByLabel('Project', { exact: true }).fill('vision');
    await expect(view.getByLabel('Runs on')).toContainText('rays (ray, does not answer)');
    await slipway.picture('cluster-run-project');
    await view.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(view.getByRole('region', { name: 'The run' })).toBeVisible();

    await slipway.command('slipway:open-jobs');
    await page.sidebar.close('left');
    const queue = view.getByRole('table', { name: 'Queue' });
    const rows = queue.getByRole('rowheader');
    const { total } = await slipway.api<{ total: number }>('/jobs?state=queued&limit=1');
    expect(total).toBeGreaterThan(56);
    await expect(rows).toHaveCount(50);
    await expect(view.getByText(`and ${total - 50} more`)).toBeVisible();
    const engine = view.getByRole('region', { name: 'Engine rays' });
    await expect(engine).toContainText('does not answer');
    await expect(engine).toContainText('A job may ask for up to 16 CPUs, 64 GiB, 2 GPUs.');
    await slipway.picture('jobs-many');
    await view.getByRole('button', { name: 'Show more that wait' }).focus();
    await page.keyboard.press('Enter');
    await expect(rows).toHaveCount(total);
    await expect(view.getByText(/^and \d+ more/)).toHaveCount(0);
    await view.getByLabel('Jobs of').selectOption('vision');
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText('vision');
    await page.theme.setDarkTheme();
    expect(await faintTexts(view)).toEqual([]);
    await slipway.picture('jobs-of-project-dark');
    await page.theme.setLightTheme();

    // What ended is shown, however many wait.
    await queue.getByRole('button', { name: /^Cancel/ }).click();
    await expect(view.getByRole('table', { name: 'Lately ended' })).toContainText('Cancelled');
    await Promise.all(runs.map(({ runId }) => slipway.api(`/pipeline-runs/${runId}/cancel`, {})));
    await drain(false);
  });
});
