import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { faintTexts } from '../stage/contrast';
import { ROOT } from '../stage/process';
import type { Stage } from '../stage/stage';
import { expect, test } from '../stage/test';

const SCRIPT = `
import mlflow, pathlib
mlflow.set_experiment("links")
pathlib.Path("report.txt").write_text("all is well")
with mlflow.start_run(run_name="the run <b>behind</b> the link") as run:
    mlflow.log_param("depth", 4)
    for step in range(3):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metric("broken", float("nan"))
    mlflow.set_tag("team", "<img src=x onerror=alert(1)>")
    mlflow.set_tag("mlflow.note.content", "Kept as the **first** one.")
    mlflow.log_artifact("report.txt", "reports")
client = mlflow.MlflowClient()
client.create_registered_model("linked model")
client.create_model_version("linked model", run.info.artifact_uri + "/reports", run.info.run_id)
`;

/** The links that MLflow's own client printed. */
async function printed(stage: Stage): Promise<{ run: string; experiment: string }> {
  const env = { ...process.env, MLFLOW_TRACKING_URI: stage.daemonUrl, MLFLOW_TRACKING_TOKEN: stage.token };
  const { stdout } = await promisify(execFile)(join(ROOT, '.venv', 'bin', 'python'), ['-c', SCRIPT], { cwd: stage.folder, env });
  return { run: /View run .* at: (\S+)/.exec(stdout)![1]!, experiment: /View experiment at: (\S+)/.exec(stdout)![1]! };
}

test('the link that MLflow’s client prints leads to the run, in any browser that has a token', async ({ page, slipway, stage }) => {
  test.slow();
  const links = await printed(stage);
  const other = await page.context().newPage();
  const faults: string[] = [];
  other.on('pageerror', error => faults.push(String(error)));
  other.on('dialog', dialog => faults.push(dialog.message()));
  const asked: string[] = [];
  other.on('request', request => asked.push(request.url()));

  await test.step('a token is asked for, and a wrong one refused', async () => {
    await other.goto(links.run);
    await expect(other.getByRole('heading', { name: 'This Slipway asks for a token' })).toBeVisible();
    await expect(other.getByLabel('Token')).toBeFocused();
    await other.keyboard.type('wrong');
    await other.keyboard.press('Enter');
    await expect(other.getByRole('alert')).toHaveText('That token is unknown, expired or revoked.');
    await slipway.picture('link-token', other);
    await other.getByLabel('Token').fill(stage.token);
    await other.keyboard.press('Enter');
  });

  await test.step('the run', async () => {
    await expect(other.getByRole('heading', { level: 1 })).toHaveText('the run <b>behind</b> the link');
    await expect(other.getByText('Finished', { exact: true })).toBeVisible();
    await expect(other.getByRole('row', { name: /^depth/ })).toContainText('4');
    await expect(other.getByRole('row', { name: /^loss/ })).toHaveText(/loss0\.333333/);
    await expect(other.getByRole('row', { name: /^broken/ })).toContainText('NaN');
    await expect(other.getByRole('row', { name: /^team/ })).toContainText('<img src=x');
    await expect(other.getByText('Kept as the **first** one.')).toBeVisible();
    await other.getByRole('button', { name: 'reports/' }).click();
    const [download] = await Promise.all([other.waitForEvent('download'), other.getByRole('button', { name: 'report.txt' }).click()]);
    expect([download.suggestedFilename(), await new Response(await download.createReadStream() as unknown as BodyInit).text()]).toEqual(['report.txt', 'all is well']);
    for (const scheme of ['light', 'dark'] as const) {
      await other.emulateMedia({ colorScheme: scheme });
      expect(await faintTexts(other.locator('body'))).toEqual([]);
      await slipway.picture(`link-run-${scheme}`, other);
    }
  });

  await test.step('its experiment, its model, and what is not there', async () => {
    await other.goto(links.experiment);
    await expect(other.getByRole('row', { name: /the run/ })).toContainText('NaN');
    await slipway.picture('link-experiment', other);
    await other.getByRole('link', { name: /the run/ }).click();
    await expect(other.getByRole('heading', { level: 1 })).toHaveText(/the run/);
    await other.goto(`${stage.daemonUrl}/#/models/${encodeURIComponent('linked model')}/versions/1`);
    await expect(other.getByRole('heading', { level: 1 })).toHaveText('linked model, version 1');
    await slipway.picture('link-model', other);
    await other.goto(`${stage.daemonUrl}/#/experiments/0/runs/${'0'.repeat(32)}`);
    await expect(other.getByRole('heading', { name: 'It is not here' })).toBeVisible();
  });

  await test.step('from there into JupyterLab, whose own address needs no token', async () => {
    const fragment = links.run.slice(links.run.indexOf('#'));
    await other.goto(links.run);
    await other.getByRole('link', { name: 'Open in JupyterLab' }).click();
    await expect(other.locator('.jp-SlipwayPage:visible').getByRole('heading', { level: 1 })).toContainText('the run', { timeout: 60_000 });
    expect(other.url()).not.toContain('slipway-open');
    const behindLab = await page.context().newPage();
    await behindLab.goto(`${stage.labUrl}/slipway/${fragment}`);
    await expect(behindLab.getByRole('heading', { level: 1 })).toContainText('the run');
    await behindLab.getByRole('button', { name: 'reports/' }).click();
    await expect(behindLab.getByRole('link', { name: 'report.txt' })).toBeVisible();
    await behindLab.close();
  });
  expect(faults).toEqual([]);
  expect(asked.filter(url => url.includes(stage.token) || !/^(http:\/\/(127\.0\.0\.1|localhost):\d+\/|blob:|data:)/.test(url))).toEqual([]);
});
