import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ROOT, SLIPWAY, median, startLab } from './processes.mjs';

const ROUNDS = 3;

/** `npm start` on a home that has been started before, and the daemon alone; plain JupyterLab beside it. */
export async function measureStart(folder) {
  const home = join(folder, 'home');
  const env = { ...process.env, SLIPWAY_HOME: home };
  const stop = () => execFileSync(process.execPath, [SLIPWAY, 'stop', '--home', home], { env, stdio: 'ignore' });
  await npmStart(home, env); // the first start of this home makes the database
  stop();
  const [daemon, lab, plain] = [[], [], []];
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    execFileSync(process.execPath, [SLIPWAY, 'start', '--home', home, '--json'], { env, stdio: 'ignore' });
    daemon.push(performance.now() - start);
    stop();
    lab.push(await npmStart(home, env));
    stop();
    plain.push(await plainLab(join(folder, `plain-${i}`)));
  }
  return { daemonMs: median(daemon), labMs: median(lab), plainLabMs: median(plain) };
}

/** Until the printed address of JupyterLab answers; ends JupyterLab again. */
async function npmStart(home, env) {
  const start = performance.now();
  const child = spawn('npm', ['start', '--silent', '--', '--home', home], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const url = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', chunk => {
      text += chunk;
      const found = /JupyterLab\s+(http\S+)/.exec(text);
      if (found) resolve(found[1]);
    });
    child.once('exit', code => reject(new Error(`npm start ended with ${code}:\n${text}`)));
  });
  if (!(await fetch(url)).ok) throw new Error('JupyterLab does not answer at the address it printed.');
  const ms = performance.now() - start;
  const ended = new Promise(resolve => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGINT'); // as Ctrl-C does: npm and what it runs
  await ended;
  return ms;
}

async function plainLab(folder) {
  const start = performance.now();
  const lab = await startLab({ folder, config: join(folder, 'config'), env: { SLIPWAY_STEP: '1' } });
  const ms = performance.now() - start;
  await lab.stop();
  return ms;
}
