import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { SLIPWAY, end, freePort, median, startLab, untilAnswers } from './processes.mjs';

const CELLS = Number(process.env.BENCH_BROWSER_CELLS ?? 200);
const WARM_UP = 30;
const ROUNDS = 3;

/**
 * Milliseconds from asking JupyterLab to run a trivial cell until it has run,
 * in a real browser: with the extension, the hook and a daemon, and without.
 */
export async function measureBrowser(folder) {
  const notebooks = join(folder, 'notebooks');
  const home = join(folder, 'home');
  mkdirSync(notebooks, { recursive: true });
  writeFileSync(join(notebooks, 'bench.ipynb'), JSON.stringify(notebook()));
  const daemon = await startDaemon(home);
  const env = { SLIPWAY_HOME: home };
  const options = ['--LabApp.expose_app_in_browser=True'];
  const browser = await chromium.launch({ executablePath: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync), args: ['--disable-gpu', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])] });
  const tracked = await startLab({ folder: notebooks, config: join(folder, 'with'), env, options });
  const plain = await startLab({ folder: notebooks, config: withoutSlipway(join(folder, 'without')), env: { SLIPWAY_STEP: '1' }, options });
  try {
    const times = { tracked: [], plain: [] };
    // In turns, so that what else the machine does falls on both.
    for (let round = 0; round < ROUNDS; round++) {
      times.plain.push(...(await runCells(browser, plain, false)));
      times.tracked.push(...(await runCells(browser, tracked, true)));
    }
    const [plainP50Ms, trackedP50Ms] = [median(times.plain), median(times.tracked)];
    return { cells: times.plain.length, plainP50Ms, trackedP50Ms, addedP50Ms: trackedP50Ms - plainP50Ms };
  } finally {
    await browser.close();
    await Promise.all([tracked.stop(), plain.stop()]);
    await end(daemon);
  }
}

/** Runs a cell again and again in a page and a kernel of its own. */
async function runCells(browser, lab, isTracked) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${lab.url}/lab/tree/bench.ipynb?token=${lab.token}&reset`);
  await page.waitForFunction(() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle', undefined, { timeout: 120_000 });
  const isThere = await page.evaluate(() => window.jupyterapp.hasPlugin('@slipway/extension:tracking') || window.jupyterapp.commands.hasCommand('slipway:open-sidebar'));
  if (isThere !== isTracked) throw new Error(`the extension is ${isThere ? 'there' : 'missing'} where it should not be`);
  if (isTracked) await page.evaluate(() => window.jupyterapp.commands.execute('slipway:open-sidebar'));
  const times = await page.evaluate(
    async ({ cells, warmUp }) => {
      const { commands, shell } = window.jupyterapp;
      const times = [];
      for (let i = 0; i < warmUp + cells; i++) {
        shell.currentWidget.content.activeCellIndex = 0;
        const start = performance.now();
        await commands.execute('notebook:run-cell');
        if (i >= warmUp) times.push(performance.now() - start);
        await new Promise(resolve => setTimeout(resolve, 20)); // a person's pace, much quickened: what is drawn is drawn
      }
      const { sessionContext } = shell.currentWidget;
      await sessionContext.shutdown();
      return times;
    },
    { cells: CELLS, warmUp: WARM_UP }
  );
  await context.close();
  return times;
}

function notebook() {
  return { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: 'python3', display_name: 'Python 3' }, language_info: { name: 'python' } }, cells: [{ id: 'only', cell_type: 'code', metadata: {}, outputs: [], execution_count: null, source: 'x = 1' }] };
}

/** A configuration of JupyterLab in which our extension is switched off. */
function withoutSlipway(config) {
  mkdirSync(join(config, 'labconfig'), { recursive: true });
  writeFileSync(join(config, 'labconfig/page_config.json'), JSON.stringify({ disabledExtensions: { '@slipway/extension': true } }));
  return config;
}

async function startDaemon(home) {
  mkdirSync(home, { recursive: true });
  const port = await freePort();
  const log = join(home, 'bench.log');
  const fd = openSync(log, 'w');
  const child = spawn(process.execPath, [SLIPWAY, 'serve', '--home', home, '--port', String(port)], { stdio: ['ignore', fd, fd] });
  await untilAnswers(`http://127.0.0.1:${port}/healthz`, child, log);
  return child;
}
