import { galata, test as galataTest } from '@jupyterlab/galata';
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Slipway } from './slipway';
import { Stage } from './stage';

export { expect } from '@playwright/test';

interface TestFixtures {
  slipway: Slipway;
}

/** Galata's `test` on a stage of our own, with Slipway's views by name. */
export const test = galataTest.extend<TestFixtures, { stage: Stage }>({
  stage: [
    async ({}, use) => {
      const stage = await Stage.open();
      await use(stage);
      await stage.close();
    },
    { scope: 'worker', timeout: 240_000 }
  ],
  baseURL: async ({ stage }, use) => use(stage.labUrl),
  // Settings and layout are the product's own, made anew for each story.
  mockSettings: { ...galata.DEFAULT_SETTINGS },
  // A folder with the notebooks for each story: stories share no session.
  tmpPath: async ({ stage }, use, info) => {
    const folder = `story-${info.testId.slice(-6)}`;
    cpSync(join(__dirname, '..', 'notebooks'), join(stage.notebooks, folder), { recursive: true });
    await use(folder);
  },
  serverFiles: 'on',
  // Galata's stand-in for the kernels' API breaks their restart; stories end their kernels themselves.
  kernels: null,
  sessions: null,
  slipway: async ({ page, stage, tmpPath }, use) => {
    await use(new Slipway(page, stage, tmpPath));
    await endKernels(stage);
  }
});

async function endKernels(stage: Stage): Promise<void> {
  const sessions = (await (await fetch(`${stage.labUrl}/api/sessions`)).json()) as { id: string }[];
  await Promise.all(sessions.map(({ id }) => fetch(`${stage.labUrl}/api/sessions/${id}`, { method: 'DELETE' })));
}

export type Page = IJupyterLabPageFixture;
