import type { Locator } from '@playwright/test';
import { faintTexts } from '../stage/contrast';
import type { Slipway } from '../stage/slipway';
import type { Stage } from '../stage/stage';
import { expect, test, type Page } from '../stage/test';

const MODEL = 'fraud';
interface VersionView {
  version: string;
  aliases: string[];
  metrics: Record<string, number>;
  tags: Record<string, string>;
  description: string;
  gates?: { override: unknown } | null;
}

/** Somebody else, with a token of their own. */
async function personOf(stage: Stage, slipway: Slipway, name: string): Promise<(method: string, path: string, body?: unknown) => Promise<{ status: number; body: Record<string, unknown> }>> {
  const { secret } = await slipway.api<{ secret: string }>('/tokens', { name, permissions: ['system:read', 'runs:read', 'registry:read', 'registry:write', 'registry:approve'] });
  return async (method, path, body) => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${stage.daemonUrl}/api/v1${path}`, { method, ...init, headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}

const versionsOf = async (slipway: Slipway): Promise<VersionView[]> => (await slipway.api<{ items: VersionView[] }>(`/models/${MODEL}/versions`)).items;

/** Runs the notebook's cells again with other constants: a new version is registered by MLflow's own client. */
async function trainAgain(page: Page, slipway: Slipway, { rows, depth, version }: { rows: number; depth: number; version: number }): Promise<void> {
  await page.notebook.activate('fraud.ipynb');
  const cells = await page.evaluate(() => {
    const app = (window as unknown as { jupyterapp: { shell: { currentWidget: { content: { widgets: { model: { sharedModel: { source: string } } }[] } } } } }).jupyterapp;
    return app.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel.source);
  });
  for (const [at, source] of cells.entries()) {
    const changed = source.replace(/ROWS = \d+/, `ROWS = ${rows}`).replace(/DEPTH = \d+/, `DEPTH = ${depth}`);
    if (changed !== source) {
      await page.notebook.setCell(at, 'code', changed);
    }
  }
  await page.notebook.run();
  await expect.poll(async () => (await versionsOf(slipway).catch(() => [])).length, { timeout: 90_000 }).toBe(version);
}

test('gates are declared, versions judged, promotions decided with all that differs in sight', async ({ page, slipway, stage }) => {
  test.setTimeout(400_000);
  const { view } = slipway;
  const ann = await personOf(stage, slipway, 'ann');
  await slipway.openNotebook('fraud.ipynb');
  await trainAgain(page, slipway, { rows: 600, depth: 3, version: 1 });
  await trainAgain(page, slipway, { rows: 600, depth: 1, version: 2 });
  await trainAgain(page, slipway, { rows: 900, depth: 5, version: 3 });
  await page.sidebar.close('right');
  await page.sidebar.close('left');

  // Before there are gates, any version may be champion; who moves an alias by mistake moves it back.
  await slipway.command('slipway:open-models');
  await expect(view).toContainText('Nothing waits');
  await view.getByRole('button', { name: MODEL, exact: true }).click();
  const versions = view.getByRole('table', { name: 'Versions' });
  await expect(versions.getByRole('row')).toHaveCount(4);
  await versions.getByRole('button', { name: 'Version 1' }).click();
  await view.getByRole('textbox', { name: 'New alias of this version' }).fill('champion');
  await page.keyboard.press('Enter');
  await expect(view.getByRole('status').filter({ hasText: '@champion is version 1 now' })).toBeVisible();
  await view.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await versionsOf(slipway)).find(each => each.version === '1')!.aliases).toEqual([]);
  await view.getByRole('textbox', { name: 'New alias of this version' }).fill('champion');
  await page.keyboard.press('Enter');
  await expect(versions.getByRole('row', { name: /Version 1/ })).toContainText('@champion');

  // A version's page: description, tags, cells, environment, slices.
  await versions.getByRole('button', { name: 'Version 3' }).click();
  await view.getByRole('button', { name: 'Write a description' }).click();
  await view.getByRole('textbox', { name: 'Description as Markdown' }).fill('**Deeper** tree on more data.\n\n<img src=x onerror="document.title=\'broken\'">');
  await view.getByRole('button', { name: 'Save' }).click();
  await expect(view.locator('.jp-SlipwayRunNote strong')).toHaveText('Deeper');
  expect(await view.locator('.jp-SlipwayRunNote img').evaluateAll(images => images.map(image => image.getAttribute('onerror')))).toEqual([null]);
  await view.getByRole('textbox', { name: 'Tag', exact: true }).fill('checked');
  await view.getByRole('textbox', { name: 'Value of the tag' }).fill('yes');
  await page.keyboard.press('Enter');
  await expect(view.getByRole('region', { name: 'Tags' })).toContainText('checked yes');
  expect(await faintTexts(view)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('overview.png') });
  await view.getByRole('tab', { name: 'Metrics' }).click();
  await expect(view.getByRole('table', { name: 'accuracy by country' }).getByRole('row')).toHaveCount(4);
  await page.screenshot({ path: test.info().outputPath('metrics.png') });
  await view.getByRole('tab', { name: 'Data and environment' }).click();
  await expect(view.getByRole('table', { name: 'Data' })).toContainText('payments.csv');
  await expect(view).toContainText('scikit-learn');
  await page.screenshot({ path: test.info().outputPath('environment.png') });
  await view.getByRole('table', { name: 'Data' }).getByRole('button', { name: /payments.csv/ }).click();
  await expect(view.getByRole('heading', { level: 1 })).toHaveText('Lineage of payments.csv');
  await slipway.command('slipway:open-model', { name: MODEL });
  await view.getByRole('tab', { name: 'Cells' }).click();
  const cells = view.locator('.jp-SlipwaySource');
  await expect(cells).toContainText('DEPTH = 5');
  await expect.poll(() => cells.locator('pre span[class]').count()).toBeGreaterThan(10); // highlighted
  await page.screenshot({ path: test.info().outputPath('cells.png') });
  await cells.getByRole('button', { name: 'Train' }).click();
  await expect(page.locator('.jp-NotebookPanel:visible .jp-mod-selected')).toContainText('DEPTH = 5');

  await declareGates(page, slipway);

  // Version 2 is worse: it fails, and a person says no from elsewhere while we look.
  await view.getByRole('button', { name: 'Hold them against version 3 now' }).click();
  await expect(view.getByRole('tab', { name: 'Gates' })).toHaveAttribute('aria-selected', 'true');
  await expect(view.locator('.jp-SlipwayEvidence-summary')).toContainText('Gates passed');
  await view.getByRole('button', { name: 'Version 2' }).click();
  await view.getByRole('tab', { name: 'Gates' }).click();
  await view.getByRole('button', { name: 'Evaluate now' }).click();
  await expect(view.locator('.jp-SlipwayEvidence-summary')).toContainText('Gates failed');
  await expect(view.getByRole('row', { name: /accuracy >= 0.9/ })).toContainText('Failed');
  expect(await faintTexts(view)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('evidence.png') });
  await rejectedFromElsewhere(page, slipway, ann);
  await approvedHere(page, slipway, ann);
  await letThrough(page, slipway, ann);

  // All of it is in the version's history; its card is written, kept and exported.
  await slipway.command('slipway:open-model', { name: MODEL, version: '3', tab: 'history' });
  const history = view.getByRole('list', { name: 'History' });
  await expect(history).toContainText('Promotion to @champion approved: Slices by country looked at.');
  await expect(history).toContainText('Gates passed');
  await page.screenshot({ path: test.info().outputPath('history.png') });
  await writeCard(page, slipway, ann);
});

async function declareGates(page: Page, slipway: Slipway): Promise<void> {
  const { view } = slipway;
  await slipway.command('slipway:open-gates', { name: MODEL });
  const save = view.getByRole('button', { name: 'Declare these gates' });
  await view.getByRole('button', { name: 'Add a threshold' }).click();
  await view.getByLabel('Metric').fill('accuracy');
  await view.getByLabel('Value').fill('high');
  await save.click();
  await expect(view.getByRole('alert')).toContainText('1 field needs another look');
  await expect(view.getByLabel('Value')).toHaveAttribute('aria-invalid', 'true');
  await expect(view).toContainText('This is not a number.');
  await page.screenshot({ path: test.info().outputPath('gates-wrong.png') });
  await view.getByLabel('Value').fill('0.9');
  await view.getByRole('button', { name: 'Add a comparison' }).click();
  await view.getByLabel('Metric').nth(1).fill('accuracy');
  await view.getByLabel('May be worse by').fill('0.005');
  expect(await faintTexts(view)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('gates.png') });
  await save.click();
  await expect(view).toContainText('Last declared');
  expect(await slipway.api(`/models/${MODEL}/gates`)).toMatchObject({ gates: { thresholds: [{ metric: 'accuracy', comparator: '>=', value: 0.9 }], notWorseThanChampion: [{ metric: 'accuracy', direction: 'higher', tolerance: 0.005 }] }, updatedBy: 'owner' });
}

type Person = Awaited<ReturnType<typeof personOf>>;
const decision = (view: Locator): { approve: Locator; reject: Locator; comment: Locator; section: Locator } => {
  const section = view.getByRole('region', { name: 'Decide' });
  return { section, approve: section.getByRole('button', { name: 'Approve' }), reject: section.getByRole('button', { name: 'Reject' }), comment: section.getByRole('textbox', { name: /Comment/ }) };
};

/** Asked for on the page, decided by somebody else through the API: the page tells without being asked. */
async function rejectedFromElsewhere(page: Page, slipway: Slipway, ann: Person): Promise<void> {
  const { view } = slipway;
  await view.getByRole('button', { name: 'Ask for a promotion' }).click();
  await view.getByRole('textbox', { name: /What should they look at/ }).fill('It is *smaller*.');
  await view.getByRole('button', { name: 'Ask for the promotion' }).click();
  await expect(view.getByRole('region', { name: 'Instructions' }).locator('em')).toHaveText('smaller');
  const { approve, reject, comment, section } = decision(view);
  await comment.fill('I would say yes to myself.');
  await expect(approve).toBeDisabled();
  await expect(reject).toBeDisabled();
  await expect(section).toContainText('You asked for this: somebody else must decide');
  await expect(section.getByRole('button', { name: 'Withdraw' })).toBeEnabled();
  await expect(view.getByRole('region', { name: 'Cells' }).locator('[data-kind="added"]')).toContainText('DEPTH = 1');
  const { items } = (await ann('GET', '/promotions?status=open')).body as { items: { id: string }[] };
  expect((await ann('POST', `/promotions/${items[0]!.id}/reject`, { comment: 'Worse in two of three countries.' })).status).toBe(200);
  await expect(view.getByRole('region', { name: 'What was decided' })).toContainText('Worse in two of three countries.');
  await expect(view.getByRole('region', { name: 'What was decided' })).toContainText('ann');
  await page.screenshot({ path: test.info().outputPath('rejected.png') });
}

/** Asked for by somebody else, found in the inbox, approved here with all that differs in sight; then undone and done again. */
async function approvedHere(page: Page, slipway: Slipway, ann: Person): Promise<void> {
  const { view } = slipway;
  await slipway.command('slipway:open-models');
  await expect(view).toContainText('Nothing waits');
  expect((await ann('POST', `/models/${MODEL}/versions/3/promotions`, { instructions: 'Deeper tree, **more data**: look at France.' })).status).toBe(201);
  await slipway.command('slipway:open-sidebar');
  await slipway.sidebar.getByRole('button', { name: '1 promotion waits for a decision' }).click();
  await page.sidebar.close('right');
  const inbox = view.getByRole('region', { name: 'Waiting for a decision' });
  await expect(inbox.getByRole('heading')).toContainText('1');
  await page.screenshot({ path: test.info().outputPath('inbox.png') });
  await inbox.getByRole('button', { name: 'fraud version 3 → @champion' }).click();
  await expect(view.getByRole('region', { name: 'Metrics' }).getByRole('row', { name: /accuracy/ })).toContainText('better');
  await expect(view.getByRole('region', { name: 'Slices' }).getByRole('row', { name: /country FR/ })).toContainText('worse');
  await expect(view.getByRole('region', { name: 'Data' })).toContainText('payments.csv');
  await expect(view.getByRole('region', { name: 'Cells' }).locator('[data-kind="removed"]').filter({ hasText: 'DEPTH' })).toContainText('DEPTH = 3');
  await expect(view.getByRole('region', { name: 'Gates' })).toContainText('Gates passed');
  const { approve, comment, section } = decision(view);
  await expect(section).toContainText('A comment is due');
  await comment.fill('Slices by country looked at.');
  expect(await faintTexts(view)).toEqual([]);
  await slipway.picture('promotion');
  await page.theme.setDarkTheme();
  await page.screenshot({ path: test.info().outputPath('promotion-dark.png') });
  expect(await faintTexts(view)).toEqual([]);
  await page.theme.setLightTheme();
  await approve.focus();
  await page.keyboard.press('Enter');
  await expect(view.getByRole('region', { name: 'What was decided' })).toContainText('Slices by country looked at.');
  await expect(view.getByRole('status').filter({ hasText: '@champion is version 3 now' })).toBeVisible();
  await expect(view.getByRole('region', { name: 'Slices' }).getByRole('row', { name: /country FR/ })).toContainText('worse');
  const championOf = async (): Promise<string | undefined> => (await versionsOf(slipway)).find(each => each.aliases.includes('champion'))?.version;
  expect(await championOf()).toBe('3');
  await page.setViewportSize({ width: 900, height: 900 });
  await page.screenshot({ path: test.info().outputPath('approved-narrow.png') });
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(page.getByRole('tab', { name: 'fraud v3 → @champion' })).toBeVisible();
  await view.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(championOf).toBe('1');
  await expect(view.getByRole('region', { name: 'What was decided' })).toContainText('Since then @champion was moved: version 1 has it.');
  await expect(view.getByRole('combobox')).toHaveValue('1');
  expect((await versionsOf(slipway)).find(each => each.version === '1')?.gates?.override ?? null).toBeNull();
}

/** One that fails its gates is let through expressly, with a comment; that stays in the evidence. */
async function letThrough(page: Page, slipway: Slipway, ann: Person): Promise<void> {
  const { view } = slipway;
  const asked = await ann('POST', `/models/${MODEL}/versions/2/promotions`, {});
  await slipway.command('slipway:open-promotion', { promotionId: asked.body.id });
  const { approve, comment, section } = decision(view);
  await comment.fill('The small one, for the demo on Friday.');
  await expect(approve).toBeDisabled();
  await expect(section).toContainText('It fails its gates');
  await section.getByRole('checkbox').check();
  await approve.click();
  await expect(view.getByRole('region', { name: 'Gates' })).toContainText('Let through');
  await expect(view.getByRole('region', { name: 'Gates' })).toContainText('The small one, for the demo on Friday.');
  await page.screenshot({ path: test.info().outputPath('let-through.png') });
}

/** A person's part of the card, kept beside what is known; two who write at once both keep their words. */
async function writeCard(page: Page, slipway: Slipway, ann: Person): Promise<void> {
  const { view } = slipway;
  await view.getByRole('tab', { name: 'Model card' }).click();
  await view.getByRole('button', { name: 'Edit the card' }).click();
  const path = `/models/${MODEL}/versions/3/card`;
  const { sections, revision } = (await ann('GET', path)).body as { sections: { id: string; title: string }[]; revision: number };
  const titleOf = (id: string): string => sections.find(section => section.id === id)!.title;
  await view.getByRole('textbox', { name: titleOf('summary') }).fill('Finds payments that are fraud.');
  expect((await ann('PATCH', path, { revision, sections: { limitations: 'Three countries only.' } })).status).toBe(200);
  await view.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(view.getByRole('alert')).toContainText('ann wrote while you did');
  await view.getByRole('button', { name: 'Save mine' }).click();
  await expect(view.getByRole('region', { name: titleOf('summary') })).toContainText('Finds payments that are fraud.');
  await expect(view.getByRole('region', { name: titleOf('limitations') })).toContainText('Three countries only.');
  expect(await faintTexts(view)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('card.png') });
  await view.getByRole('button', { name: 'Copy as Markdown' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^---\n[\s\S]*Finds payments that are fraud\./);
}

test('where nothing is declared the pages say what to do next, by keyboard too', async ({ page, slipway, stage }) => {
  const { view } = slipway;
  const mlflow = async (path: string, body: object): Promise<Record<string, unknown>> =>
    (await (await fetch(`${stage.daemonUrl}/api/2.0/mlflow/${path}`, { method: 'POST', body: JSON.stringify(body), headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' } })).json()) as Record<string, unknown>;
  await mlflow('registered-models/create', { name: 'bare' });
  await slipway.command('slipway:open-model', { name: 'bare' });
  await expect(view).toContainText('This model has no version yet');
  const { run } = (await mlflow('runs/create', { experiment_id: '0', start_time: Date.now() })) as { run: { info: { run_id: string } } };
  await mlflow('model-versions/create', { name: 'bare', source: `runs:/${run.info.run_id}/model`, run_id: run.info.run_id });
  await expect(view.getByRole('table', { name: 'Versions' })).toContainText('Version 1');
  const tabs = view.getByRole('tablist', { name: 'About this version' });
  await tabs.getByRole('tab', { name: 'Overview' }).focus();
  for (const [name, words] of [['Metrics', 'Nothing was measured'], ['Gates', 'This model has no gates'], ['Cells', 'The cells of this version are not known']] as const) {
    await page.keyboard.press('ArrowRight');
    await expect(tabs.getByRole('tab', { name })).toBeFocused();
    await expect(view.getByRole('tabpanel')).toContainText(words);
    expect(await faintTexts(view)).toEqual([]);
  }
  await page.keyboard.press('ArrowLeft');
  await view.getByRole('button', { name: 'Declare gates' }).click();
  await expect(view.getByRole('heading', { level: 1 })).toContainText('bare · Gates');
  await view.getByRole('checkbox', { name: 'Who asks for a promotion may approve it too' }).check();
  await view.getByRole('button', { name: 'Declare these gates' }).click();
  await expect(view).toContainText('Last declared');

  // One person alone: asks, decides, and sees that there is nothing to compare with.
  await slipway.command('slipway:open-model', { name: 'bare', version: '1' });
  await view.getByRole('button', { name: 'Ask for a promotion' }).click();
  await view.getByRole('button', { name: 'Ask for the promotion' }).click();
  await expect(view).toContainText('There is no other version to compare with');
  const { approve, comment } = decision(view);
  await comment.fill('Mine alone.');
  await approve.click();
  await expect(view.getByRole('region', { name: 'What was decided' })).toContainText('Mine alone.');
  await page.theme.setDarkTheme();
  expect(await faintTexts(view)).toEqual([]);
  await declareAllKinds(page, slipway);
  await slipway.command('slipway:open-models');
  expect(await faintTexts(view)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('models-dark.png') });
  await slipway.command('slipway:open-model', { name: 'bare', version: '1', tab: 'gates' });
  await expect(view.getByRole('tab', { name: 'Gates' })).toHaveAttribute('aria-selected', 'true');
  await view.getByRole('button', { name: 'Evaluate now' }).click();
  await expect(view.locator('.jp-SlipwayEvidence-summary')).toContainText('Gates failed');
  await expect(view.getByRole('row', { name: /fairness/ })).toContainText('Failed');
  expect(await faintTexts(view)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath('version-dark.png') });
});

/** Every kind of gate that the form knows, by its labels. */
async function declareAllKinds(page: Page, slipway: Slipway): Promise<void> {
  const { view } = slipway;
  await slipway.command('slipway:open-gates', { name: 'bare' });
  await view.getByRole('button', { name: 'Add a comparison' }).click();
  await view.getByLabel('Metric').fill('rmse');
  await view.getByLabel('Better is').selectOption('lower');
  await view.getByLabel('Slices').selectOption('some');
  await view.getByRole('textbox', { name: 'Columns' }).fill('country, age group');
  await view.getByLabel('Of rows at least').fill('30');
  await view.getByRole('button', { name: 'Add a tag' }).click();
  await view.getByLabel('Tag', { exact: true }).fill('checked');
  await view.getByRole('button', { name: 'Add a test' }).click();
  await view.getByLabel('Test', { exact: true }).fill('fairness');
  await view.getByLabel('Files, at most MB').fill('2.5');
  await view.getByLabel('95 of 100 answers within ms').fill('20');
  await view.getByLabel('Requests').fill('100');
  await page.screenshot({ path: test.info().outputPath('gates-dark.png') });
  expect(await faintTexts(view)).toEqual([]);
  await view.getByRole('button', { name: 'Declare these gates' }).click();
  await expect(view.getByRole('button', { name: 'Discard changes' })).toHaveCount(0);
  expect((await slipway.api<{ gates: unknown }>('/models/bare/gates')).gates).toEqual({
    thresholds: [],
    notWorseThanChampion: [{ metric: 'rmse', direction: 'lower', tolerance: 0, slices: ['country', 'age group'], minRows: 30 }],
    requiredTags: [{ key: 'checked' }],
    requiredTests: ['fairness'],
    maxSizeBytes: 2_500_000,
    latency: { p95Ms: 20, requests: 100 },
    requireSignature: false,
    requireApproval: false,
    selfApproval: true
  });
}
