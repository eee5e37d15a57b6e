import { readFileSync } from 'node:fs';
import { faintTexts } from '../stage/contrast';
import type { Slipway } from '../stage/slipway';
import type { Stage } from '../stage/stage';
import { expect, test } from '../stage/test';

const STEPS = { prepare: ['settings', 'list'], forecast: ['forecast'], gather: ['gather'], publish: ['publish'], tidy: ['tidy'] };

/** Saves the shops' notebook as a pipeline of these steps, of which nothing more is said. */
async function saveShops(slipway: Slipway, name: string): Promise<void> {
  const notebookPath = slipway.path('shops.ipynb');
  const notebook: unknown = JSON.parse(readFileSync(notebookPath, 'utf8'));
  const grouping = Object.entries(STEPS).map(([step, cells]) => ({ name: step, cells }));
  const proof = await slipway.api<{ id: string }>('/proofs', { name, notebookPath, notebook, grouping, sinks: ['gather', 'publish', 'tidy'] });
  await expect.poll(async () => (await slipway.api<{ status: string }>(`/proofs/${proof.id}`)).status, { timeout: 90_000 }).toBe('same');
  await slipway.api('/pipelines', { proofId: proof.id });
}

/** What failed in other stories is no news here. */
async function lookAtFailures(slipway: Slipway): Promise<void> {
  const { items } = await slipway.api<{ items: { name: string; unreadFailures: number }[] }>('/pipelines?limit=100');
  for (const { name } of items.filter(p => p.unreadFailures > 0)) {
    await slipway.api(`/pipelines/${name}/seen`, {});
  }
}

/** Calls as somebody else than the owner, who may do that one thing. */
async function asColleague<T>(slipway: Slipway, stage: Stage, may: string, path: string, body: object): Promise<T> {
  const { secret } = await slipway.api<{ secret: string }>('/tokens', { name: `colleague-${Date.now()}`, permissions: ['pipelines:read', may] });
  const response = await fetch(`${stage.daemonUrl}/api/v1${path}`, { method: 'POST', body: JSON.stringify(body), headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' } });
  expect(response.ok).toBe(true);
  return (await response.json()) as T;
}

/** A run that somebody else starts, so that the owner may decide about it. */
async function startAsColleague(slipway: Slipway, stage: Stage, pipeline: string, params: object): Promise<string> {
  return (await asColleague<{ runId: string }>(slipway, stage, 'pipelines:write', `/pipelines/${pipeline}/runs`, { params })).runId;
}

/** Somebody else than the owner says yes to what waits in a run of the pipeline. */
async function approveAsColleague(slipway: Slipway, stage: Stage, pipeline: string): Promise<void> {
  const { items } = await slipway.api<{ items: { pipeline: string; runId: string; step: string }[] }>('/approvals?status=open');
  const { runId, step } = items.find(a => a.pipeline === pipeline)!;
  await asColleague(slipway, stage, 'pipelines:approve', `/pipeline-runs/${runId}/steps/${encodeURIComponent(step)}/decision`, { decision: 'approve' });
}

test('a pipeline gets a map, a condition, a person and an exit handler in the editor; what waits is decided from the list, and logs follow', async ({ slipway, stage }) => {
  test.setTimeout(400_000);
  await saveShops(slipway, 'shops');
  const { view } = slipway;
  await slipway.command('slipway:open-sidebar');
  await slipway.command('slipway:open-pipeline', { name: 'shops' });
  await view.getByRole('button', { name: 'Edit…' }).click();
  await expect(view.getByRole('heading', { level: 1 })).toContainText('Edit shops');

  await slipway.card('forecast').click();
  await view.getByText('Resources, retries, conditions').click();
  await view.getByLabel('Once for each item of').fill('shops');
  await view.getByLabel('The item is called').fill('shop');
  await view.getByLabel('The item is called').blur();
  await slipway.card('publish').click();
  await view.getByLabel('Only when').fill('metrics.mae > params.LEAST');
  await view.getByLabel('Only when').blur();
  await slipway.card('tidy').click();
  await view.getByLabel('Runs at the end, whatever became of the others').check();
  const people = view.getByRole('region', { name: 'People' });
  await people.getByRole('button', { name: 'Add a decision' }).click();
  await people.getByRole('group', { name: 'Asked after' }).getByLabel('gather').check();
  await people.getByRole('group', { name: 'Asked after' }).getByLabel('publish').uncheck();
  await people.getByRole('group', { name: 'Waiting for it' }).getByLabel('publish').check();
  await people.getByRole('group', { name: 'Waiting for it' }).getByLabel('tidy').uncheck();
  await people.getByLabel('What to look at').fill('Look at the recall of small shops.');
  await people.getByLabel('What to look at').blur();
  const changes = view.getByRole('list', { name: 'Changes' });
  await expect(changes).toContainText('map of forecast: nothing →');
  await expect(changes).toContainText('when of publish: nothing → metrics.mae > params.LEAST');
  await expect(changes).toContainText('isExitHandler of tidy: nothing → true');
  await expect(changes).toContainText('A person decides: sign off');
  await expect(slipway.card('sign off')).toBeVisible();
  await view.evaluate(element => element.scrollTo(0, 0));
  await slipway.picture('pipeline-editor');
  expect(await faintTexts(view)).toEqual([]);
  await view.getByRole('button', { name: 'Save as version 2' }).click();
  await expect(view.getByText('From version 2 of')).toBeVisible();

  const good = await startAsColleague(slipway, stage, 'shops', {});
  const badge = slipway.sidebar.getByRole('button', { name: '1 step waits for your decision' });
  await expect(badge).toBeVisible({ timeout: 120_000 });
  await badge.click();
  const inbox = view.getByRole('region', { name: 'Waiting for a decision' });
  await expect(inbox).toContainText('Look at the recall of small shops.');
  expect(await faintTexts(view)).toEqual([]);
  await slipway.picture('waiting-for-a-decision');
  await inbox.getByLabel('Comment').fill('Small shops are fine.');
  await inbox.getByRole('button', { name: 'Approve sign off of shops' }).click();
  await expect(inbox).toBeHidden();
  await expect(badge).toBeHidden();

  await slipway.command('slipway:open-run', { runId: good });
  await slipway.card('publish').click();
  await expect(view.getByRole('log')).toContainText('publishing part 0', { timeout: 60_000 });
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('Running');
  await slipway.picture('log-follows');
  await expect(view.getByRole('log')).toContainText('publishing part 3');
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('Succeeded', { timeout: 60_000 });
  await slipway.card('tidy').click();
  await expect(view.getByRole('log')).toContainText('it succeeded');
  await slipway.card('sign off').click();
  await expect(view.locator('.jp-SlipwayStep')).toContainText('Small shops are fine.');
  await expect(view.locator('.jp-SlipwayStep')).toContainText('approved by');
  await slipway.card('forecast').click();
  await expect(view.getByRole('region', { name: 'Items' })).toContainText('6 items · 6 succeeded');
  await slipway.picture('orchestrated');

  await view.getByRole('button', { name: 'Run chosen steps…' }).click();
  const again = view.getByRole('form', { name: 'Run chosen steps again' });
  await again.getByLabel('gather').check();
  await again.getByLabel('forecast').uncheck();
  await again.getByLabel('publish').check();
  await expect(slipway.card('gather').locator('.jp-SlipwayCard')).toHaveAttribute('data-selected', 'true');
  await slipway.picture('run-chosen-steps');
  await again.getByRole('button', { name: 'Run the chosen steps' }).click();
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('chosen steps');
  // Who stands before a chosen step is asked anew; whoever started the run reads who may decide.
  await slipway.card('sign off').click();
  await expect(view.locator('.jp-SlipwayStep').getByRole('note')).toContainText('slipway tokens add NAME', { timeout: 60_000 });
  await slipway.picture('asked-anew');
  await approveAsColleague(slipway, stage, 'shops');
  await expect(view.locator('.jp-SlipwayDurations')).toContainText('Skipped', { timeout: 60_000 });
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('Succeeded', { timeout: 60_000 });
});

test('of a map that fails the failed items come first, each with its log, and run again; the failure is a badge until it is seen', async ({ slipway }) => {
  test.setTimeout(400_000);
  await lookAtFailures(slipway);
  await saveShops(slipway, 'closed');
  const { view } = slipway;
  await slipway.command('slipway:open-sidebar');
  await slipway.command('slipway:edit-pipeline', { name: 'closed' });
  await slipway.card('forecast').click();
  await view.getByText('Resources, retries, conditions').click();
  await view.getByLabel('Once for each item of').fill('shops');
  await view.getByLabel('The item is called').fill('shop');
  await view.getByLabel('The item is called').blur();
  await slipway.card('tidy').click();
  await view.getByLabel('Runs at the end, whatever became of the others').check();
  await view.getByRole('button', { name: 'Save as version 2' }).click();
  await expect(view.getByText('From version 2 of')).toBeVisible();

  const { runId } = await slipway.api<{ runId: string }>('/pipelines/closed/runs', { params: { SHOPS: 200 } });
  const badge = slipway.sidebar.getByRole('button', { name: '1 failed run is unread' });
  await expect(badge).toBeVisible({ timeout: 120_000 });
  await slipway.command('slipway:open-run', { runId });
  await slipway.card('forecast').click();
  const items = view.getByRole('region', { name: 'Items' });
  await items.getByRole('button', { name: 'Show items' }).click();
  const table = items.getByRole('table', { name: 'Items' });
  await expect(table.getByRole('row')).toHaveCount(2); // its head, and the one that failed
  await table.getByRole('button', { name: 'Item 13' }).click();
  await expect(table.getByRole('log')).toContainText('shop 13');
  await expect(table).toContainText('shop 13 is closed');
  await slipway.picture('failed-items');
  await items.getByLabel('Items shown').selectOption('all');
  await items.getByLabel('Begin at item').fill('100');
  await expect(table.getByRole('button', { name: 'Item 100' })).toBeVisible();
  await expect(table.getByRole('row')).toHaveCount(51);
  await items.getByRole('button', { name: 'Next page' }).click();
  await expect(table.getByRole('button', { name: 'Item 150' })).toBeVisible();
  await items.getByRole('button', { name: 'Page before' }).click();
  await expect(table.getByRole('button', { name: 'Item 100' })).toBeVisible();
  const endOf = async (): Promise<string | null> => {
    const run = await slipway.api<{ status: string; endedAt: string | null }>(`/pipeline-runs/${runId}`);
    return run.status === 'failed' ? run.endedAt : null;
  };
  const before = await endOf();
  await items.getByRole('button', { name: 'Run the failed item again' }).click();
  await expect.poll(async () => ![null, before].includes(await endOf()), { timeout: 120_000 }).toBe(true);
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('Failed');

  await badge.click();
  await view.getByRole('button', { name: 'closed', exact: true }).click();
  await expect(view.getByRole('heading', { level: 1 })).toContainText('closed');
  await expect(badge).toBeHidden();
});
