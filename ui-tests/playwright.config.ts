import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

/** The browser of the system, which `npm test` installs where it is missing; else Playwright's own. */
const chromium = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path => path !== undefined && existsSync(path));

export default defineConfig({
  testDir: './stories',
  outputDir: join(__dirname, 'test-results'),
  globalSetup: require.resolve('./stage/setup'),
  timeout: 120_000,
  expect: { timeout: 45_000 },
  // A browser on a busy machine may miss a beat; a story that fails twice is a fault.
  retries: 2,
  // One daemon and one JupyterLab for all: the stories follow one another.
  workers: 1,
  fullyParallel: false,
  reporter: [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    screenshot: 'only-on-failure',
    trace: 'off',
    video: 'off',
    launchOptions: {
      ...(chromium !== undefined && { executablePath: chromium }),
      args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
    }
  }
});
