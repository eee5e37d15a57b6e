import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, type Locator, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './process';
import type { Stage } from './stage';

/** Slipway as a user finds it on the page. */
export class Slipway {
  constructor(
    readonly page: IJupyterLabPageFixture,
    private readonly stage: Stage,
    /** The story's own folder, as JupyterLab names it. */
    private readonly folder: string
  ) {}

  /** A file of the story's folder, on disk. */
  path(name: string): string {
    return join(this.stage.notebooks, this.folder, name);
  }

  get sidebar(): Locator {
    return this.page.locator('#slipway-sidebar');
  }
  get executions(): Locator {
    return this.sidebar.locator('.jp-SlipwayExecution');
  }
  /** The newest execution of the cell with this title. */
  execution(title: string): Locator {
    return this.executions.filter({ has: this.page.locator('.jp-SlipwayExecution-text', { hasText: new RegExp(`^${title}`) }) }).first();
  }
  get trials(): Locator {
    return this.sidebar.getByRole('table', { name: 'Trials' }).locator('tbody tr');
  }
  /** The Slipway page in front. */
  get view(): Locator {
    return this.page.locator('.jp-SlipwayPage:visible');
  }

  /** A step's card in the graph of the page in front. */
  card(name: string): Locator {
    return this.view.locator('.react-flow__node').filter({ has: this.page.locator('.jp-SlipwayCard-title span', { hasText: new RegExp(`^${name}$`) }) });
  }

  async openNotebook(name: string): Promise<void> {
    await this.page.notebook.openByPath(`${this.folder}/${name}`);
    await this.page.notebook.activate(name);
    await this.waitForIdle();
    await this.command('slipway:open-sidebar');
    await expect(this.sidebar).toBeVisible();
  }

  /** Loads the page again; it comes back as it was, without the launcher that Galata would wait for. */
  async reload(): Promise<void> {
    // Playwright's own signature hides Galata's option.
    await this.page.reload({ waitForIsReady: false } as Parameters<IJupyterLabPageFixture['reload']>[0]);
  }

  async waitForIdle(): Promise<void> {
    await this.page.waitForFunction(() => {
      const app = (window as unknown as { jupyterapp: { shell: { currentWidget: unknown } } }).jupyterapp;
      const panel = app.shell.currentWidget as { sessionContext?: { session?: { kernel?: { status?: string } } } } | null;
      return panel?.sessionContext?.session?.kernel?.status === 'idle';
    }, undefined, { timeout: 30_000 });
  }

  async restartKernel(): Promise<void> {
    await this.page.evaluate(async () => {
      const app = (window as unknown as { jupyterapp: { shell: { currentWidget: unknown } } }).jupyterapp;
      const panel = app.shell.currentWidget as { sessionContext: { restartKernel(): Promise<void> } };
      await panel.sessionContext.restartKernel();
    });
  }

  async tab(name: 'Trials' | 'Cells'): Promise<void> {
    await this.sidebar.getByRole('tab', { name }).click();
  }

  async command(id: string, args: Record<string, unknown> = {}): Promise<void> {
    await this.page.evaluate(
      async ([command, given]) => {
        const app = (window as unknown as { jupyterapp: { commands: { execute(id: string, args: unknown): Promise<unknown> } } }).jupyterapp;
        await app.commands.execute(command as string, given);
      },
      [id, args] as const
    );
  }

  /** A call of the daemon's API with the owner's token, beside the page. */
  async api<T>(path: string, body?: unknown): Promise<T> {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const headers = { authorization: `Bearer ${this.stage.token}`, 'content-type': 'application/json' };
    const response = await fetch(`${this.stage.daemonUrl}/api/v1${path}`, { ...init, headers });
    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    }
    return (await response.json()) as T;
  }

  /** A picture for the README, where `npm run pictures` asks for new ones; else beside the test's results. */
  async picture(name: string, page: Page = this.page): Promise<void> {
    const folder = process.env.SLIPWAY_PICTURES === undefined ? join(ROOT, 'ui-tests', 'test-results', 'pictures') : join(ROOT, 'docs', 'images');
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  }
}
