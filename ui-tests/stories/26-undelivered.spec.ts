import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { faintTexts } from '../stage/contrast';
import type { Stage } from '../stage/stage';
import { expect, test } from '../stage/test';

/** As if half an hour of attempts had passed: so much patience no story has. */
async function giveUp(stage: Stage, runId: string): Promise<void> {
  const [, , , port, host] = readFileSync(join(stage.home, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
  const client = new Client({ host, port: Number(port), user: 'slipway', database: 'slipway' });
  await client.connect();
  const event = { type: 'slipway.pipeline_run.succeeded', data: { pipeline: 'untold' } };
  const rows = [[{ email: ['gone@example.org'] }, '550 No such person here'], [{ webhook: 'https://hooks.example.org/a-secret' }, 'Answered 500.']];
  for (const [target, reason] of rows) {
    await client.query(`insert into notification (id, run_id, target, event, status, attempts, last_error, ended_at) values (gen_random_uuid(), $1, $2, $3, 'failed', 12, $4, now())`, [runId, JSON.stringify(target), JSON.stringify(event), reason]);
  }
  await client.query(`insert into event (type, subject, data) values ('notification.failed', $1, '{}')`, [runId]);
  await client.end();
}

test('news of a run that nobody took are said on its page, without the secret of a webhook', async ({ page, slipway, stage }) => {
  await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'untold');
  const { runId } = await slipway.api<{ runId: string }>('/pipelines/untold/runs', {});
  await expect.poll(async () => (await slipway.api<{ status: string }>(`/pipeline-runs/${runId}`)).status, { timeout: 90_000 }).toBe('succeeded');
  const { view } = slipway;
  const news = view.getByRole('region', { name: 'News that were not delivered' });
  await slipway.command('slipway:open-run', { runId });
  await expect(view.getByRole('heading', { level: 1 })).toContainText('untold');
  await expect(news).toHaveCount(0);
  await giveUp(stage, runId);
  const notes = news.getByRole('note');
  await expect(notes).toHaveCount(2);
  await expect(news).toContainText('gone@example.org was not told (succeeded): 550 No such person here 12 attempts');
  await expect(news).toContainText('https://hooks.example.org/… was not told (succeeded): Answered 500.');
  await expect(news).not.toContainText('a-secret');
  for (const theme of ['Dark', 'Light']) {
    await page.theme.setTheme(`JupyterLab ${theme}`);
    expect(await faintTexts(view)).toEqual([]);
    await slipway.picture(theme === 'Dark' ? 'undelivered-dark' : 'undelivered');
  }
});
