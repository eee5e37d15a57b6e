import { readFileSync } from 'node:fs';
import { faintTexts } from '../stage/contrast';
import { expect, test } from '../stage/test';

interface ClusterView {
  nodes: { id: string; name: string }[];
}

test('the Jobs page shows the machine, the queue with why it waits, and who may hold how much', async ({ page, slipway, stage }) => {
  test.setTimeout(400_000);
  const { view } = slipway;
  await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'jobs-orders');
  await slipway.command('slipway:open-sidebar');
  await slipway.sidebar.getByRole('button', { name: 'Jobs' }).click();
  await page.sidebar.close('right');
  await page.sidebar.close('left');
  const [node] = (await slipway.api<ClusterView>('/cluster')).nodes;
  const card = view.getByRole('region', { name: `Node ${node!.name}` });
  await expect(card.getByRole('meter', { name: 'CPUs' })).toBeVisible();

  // A drained node starts nothing: the step waits, and says so.
  await card.getByRole('button', { name: 'Drain' }).click();
  await expect(card).toContainText('drained');
  await slipway.api('/pipelines/jobs-orders/runs', { useCache: false });
  const queue = view.getByRole('table', { name: 'Queue' });
  await expect(queue).toContainText('Waits for nodes that are reserved for another project, or drained.');
  await expect(queue.getByRole('rowheader').first()).toContainText('jobs-orders /');
  await queue.getByRole('button', { name: 'Raise' }).first().click();
  await expect(queue.getByRole('rowheader').first()).toContainText('priority 11');
  await slipway.picture('jobs');

  // A quota, by keyboard.
  await view.getByRole('button', { name: 'Set a quota …' }).focus();
  await page.keyboard.press('Enter');
  await view.getByLabel('Project', { exact: true }).fill('vision');
  await view.getByLabel('CPUs guaranteed').fill('1');
  await view.getByLabel('CPUs guaranteed').press('Enter');
  const vision = view.getByRole('region', { name: 'Project vision' });
  await expect(vision).toContainText('0, 1 guaranteed');
  await vision.getByRole('button', { name: 'Remove' }).click();
  await expect(vision).toHaveCount(0);
  await view.getByRole('button', { name: 'Undo' }).click();
  await expect(vision).toContainText('0, 1 guaranteed');

  // Given back, the node runs what waited.
  await card.getByRole('button', { name: 'Give back' }).click();
  await expect(view.getByRole('table', { name: 'Lately ended' }).getByRole('row').filter({ hasText: 'jobs-orders' }).first()).toContainText('Succeeded', { timeout: 120_000 });

  // A job that waits is cancelled where it is seen.
  await card.getByRole('button', { name: 'Drain' }).click();
  await expect(card).toContainText('drained');
  await slipway.api('/pipelines/jobs-orders/runs', { useCache: false });
  await queue.getByRole('button', { name: /^Cancel/ }).first().click();
  await expect(view.getByRole('table', { name: 'Lately ended' })).toContainText('Cancelled');
  await card.getByRole('button', { name: 'Give back' }).click();

  await expect(card).not.toContainText('drained');
  await page.theme.setDarkTheme();
  expect(await faintTexts(view)).toEqual([]);
  await slipway.picture('jobs-dark');
  await page.theme.setLightTheme();
});

test('nodes are kept for a project for a time, licences are counted, and what was removed comes back', async ({ page, slipway, stage }) => {
  test.setTimeout(120_000);
  const { view } = slipway;
  await slipway.command('slipway:open-jobs');
  await page.sidebar.close('left');
  const [node] = (await slipway.api<ClusterView>('/cluster')).nodes;

  // By keyboard alone; a window that ends before it begins is not sent.
  await expect(view.getByText('Nothing is reserved')).toBeVisible();
  await view.getByRole('button', { name: 'Reserve …' }).focus();
  await page.keyboard.press('Enter');
  const form = view.getByRole('form', { name: 'New reservation' });
  await expect(form.getByLabel('For the project')).toBeFocused();
  await page.keyboard.type('vision');
  await form.getByLabel(node!.name).focus();
  await page.keyboard.press('Space');
  const reserve = form.getByRole('button', { name: 'Reserve' });
  await expect(reserve).toBeEnabled();
  await form.getByLabel('Until').fill('2020-01-02T10:00');
  await expect(form.getByRole('alert')).toHaveText('It ends before it begins.');
  await expect(reserve).toBeDisabled();
  await form.getByLabel('From').fill('2020-01-01T10:00');
  await reserve.focus();
  await page.keyboard.press('Enter');
  await expect(form.getByRole('alert')).toContainText('It ends in the past');
  await form.getByLabel('Until').fill('2040-01-02T10:00');
  await expect(form.getByRole('alert')).toHaveCount(0);
  await slipway.picture('jobs-reserve');
  await reserve.focus();
  await page.keyboard.press('Enter');
  const line = view.getByRole('list', { name: 'Reservations' }).getByRole('listitem');
  await expect(line).toContainText(node!.name);
  await expect(line).toContainText('now');
  await expect(form).toHaveCount(0);

  await view.getByRole('button', { name: 'Add a licence …' }).click();
  await view.getByLabel('Name of the licence').fill('solver');
  await view.getByLabel('At once').fill('3');
  await page.keyboard.press('Enter');
  const licence = view.getByRole('meter', { name: 'solver' });
  await expect(licence).toHaveAttribute('aria-valuetext', '0 of 3');
  await view.getByRole('button', { name: 'Change the licence solver' }).click();
  await view.getByLabel('solver at once').fill('5');
  await page.keyboard.press('Enter');
  await expect(licence).toHaveAttribute('aria-valuetext', '0 of 5');
  await slipway.picture('jobs-kept');
  await page.theme.setDarkTheme();
  expect(await faintTexts(view)).toEqual([]);
  await page.theme.setLightTheme();

  await view.getByRole('button', { name: 'Remove the licence solver' }).click();
  await expect(licence).toHaveCount(0);
  await view.getByRole('button', { name: 'Undo' }).click();
  await expect(licence).toHaveAttribute('aria-valuetext', '0 of 5');
  await view.getByRole('button', { name: 'Remove the reservation for vision' }).click();
  await expect(line).toHaveCount(0);
  await view.getByRole('button', { name: 'Undo' }).click();
  await expect(line).toContainText('vision');
  await view.getByRole('button', { name: 'Remove the reservation for vision' }).click();
  await expect(line).toHaveCount(0);

  // The only steady node is not to be marked as spot here; one that is comes back.
  const card = view.getByRole('region', { name: `Node ${node!.name}` });
  await expect(card.getByRole('button', { name: 'Mark as spot' })).toHaveCount(0);
  const marked = await fetch(`${stage.daemonUrl}/api/v1/cluster/nodes/${node!.id}`, { method: 'PUT', body: '{"isDrained":false,"isSpot":true}', headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' } });
  expect(marked.status).toBe(200);
  await card.getByRole('button', { name: 'No longer spot' }).click();
  await expect(card.getByRole('button', { name: 'No longer spot' })).toHaveCount(0);
  await expect(card).not.toContainText('spot');
});

test('a training that diverges is seen live, is stopped, and its run shows what was found; of the jobs one sees only one’s own where one likes', async ({ page, slipway, stage }) => {
  test.setTimeout(400_000);
  const { view } = slipway;
  const notebookPath = slipway.path('diverging.ipynb');
  const notebook: unknown = JSON.parse(readFileSync(notebookPath, 'utf8'));
  const rules = [{ kind: 'exploding', metric: 'loss', points: 4, action: 'stop' }];
  const proof = await slipway.api<{ id: string }>('/proofs', { name: 'diverging', notebookPath, notebook, sinks: ['train'], grouping: [{ name: 'train', cells: ['setup', 'settings', 'train'] }], options: { steps: { train: { rules } } } });
  await expect.poll(async () => (await slipway.api<{ status: string }>(`/proofs/${proof.id}`)).status, { timeout: 90_000 }).toBe('same');
  await slipway.api('/pipelines', { proofId: proof.id });
  await slipway.api('/pipelines/diverging/runs', { params: { EPOCHS: 300, PAUSE: 0.3, DIVERGES_AT: 30 } });

  // Its metrics and what it uses are drawn while it runs, by keyboard alone; its name leads to the run.
  await slipway.command('slipway:open-jobs');
  const running = view.getByRole('table', { name: 'Running' });
  await running.getByRole('button', { name: 'Live metrics of diverging / train' }).focus({ timeout: 60_000 });
  await page.keyboard.press('Enter');
  const live = running.getByRole('region', { name: 'diverging / train, live' });
  await expect(live.getByRole('img', { name: /^loss: \d/ })).toBeVisible();
  await expect(live.getByRole('img', { name: /^Memory: \d+ MiB of 4 GiB/ })).toBeVisible();
  await slipway.picture('jobs-live');

  // What was found comes while one looks on.
  await slipway.command('slipway:open-sidebar');
  await running.getByRole('button', { name: 'diverging / train', exact: true }).click();
  const found = view.getByRole('region', { name: 'What training rules found' });
  await expect(found).toContainText('Exploding', { timeout: 60_000 });
  await expect(found).toContainText('more than 100 times');
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('Failed', { timeout: 30_000 });
  await expect(view.getByRole('alert').filter({ hasText: 'Stopped by the rule exploding on loss.' })).toBeVisible();
  await found.getByText('the last 4 values').or(found.getByText(/the last \d+ values/)).first().click();
  await expect(found.getByRole('table').getByRole('row').last()).toContainText('30');
  await page.sidebar.close('left');
  await slipway.picture('training-rules');

  const { secret } = await slipway.api<{ secret: string }>('/tokens', { name: 'jobs-colleague', permissions: ['pipelines:read', 'pipelines:write'] });
  const theirs = await fetch(`${stage.daemonUrl}/api/v1/pipelines/diverging/runs`, { method: 'POST', body: '{"useCache":false}', headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' } });
  expect(theirs.status).toBe(201);
  await slipway.command('slipway:open-jobs');
  const ended = view.getByRole('table', { name: 'Lately ended' }).getByRole('row').filter({ hasText: 'diverging / train' });
  await expect(ended.filter({ hasText: 'Succeeded' }).filter({ hasText: 'colleague' })).toHaveCount(1, { timeout: 60_000 });
  await view.getByLabel('Only mine').focus();
  await page.keyboard.press('Space');
  await expect(ended.filter({ hasText: 'colleague' })).toHaveCount(0);
  await expect(ended.filter({ hasText: 'Stopped by the rule' })).toHaveCount(1);
  await slipway.picture('jobs-mine');
  await page.theme.setDarkTheme();
  expect(await faintTexts(view)).toEqual([]);
  await page.theme.setLightTheme();
});
