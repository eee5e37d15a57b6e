import { expect, test } from '../stage/test';

interface Sessions {
  items: { id: string; notebookPath: string | null }[];
}
interface Executions {
  items: { cellId: string | null; status: string }[];
}

test('with the browser closed in a long cell and the daemon stopped, both cells’ records arrive, once', async ({ page, slipway, stage, tmpPath }) => {
  await slipway.openNotebook('tumours.ipynb');
  await page.notebook.runCell(1, true);
  await slipway.tab('Cells');
  await expect(slipway.executions).toHaveCount(1);
  await page.notebook.setCell(2, 'code', '# Settings\nimport time\ntime.sleep(5)\nSEED = 42');
  await page.notebook.selectCells(2);
  void slipway.command('notebook:run-cell').catch(() => undefined); // ends when the page has gone
  await expect(slipway.executions).toHaveCount(2);

  await page.close();
  await stage.stopDaemon();
  await new Promise(resolve => setTimeout(resolve, 6_000));
  await stage.startDaemon();

  const { items } = await slipway.api<Sessions>('/sessions');
  const session = items.find(s => s.notebookPath?.includes(tmpPath))!;
  const seen = async (): Promise<string[]> => (await slipway.api<Executions>(`/sessions/${session.id}/cell-executions`)).items.map(e => e.status);
  await expect.poll(seen, { timeout: 30_000 }).toEqual(['ok', 'ok']);
});
