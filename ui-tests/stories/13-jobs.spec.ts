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
  await expect(view.getByRole('region', { name: 'Project vision' })).toContainText('0, 1 guaranteed');

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
