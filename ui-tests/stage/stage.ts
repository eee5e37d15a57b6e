import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Process, ROOT, freePort } from './process';

const START_MS = 90_000;

/** The real product in a home of its own: a daemon, a JupyterLab, a folder with notebooks. */
export class Stage {
  /** @throws {Error} where a part does not come up; the others are ended then */
  static async open({ lab = join(ROOT, '.venv', 'bin', 'jupyter-lab'), folder = mkdtempSync(join(tmpdir(), 'slipway-ui-')) } = {}): Promise<Stage> {
    const stage = new Stage(folder, await freePort());
    try {
      mkdirSync(stage.notebooks);
      stage.installBashKernel();
      stage.env = stage.environment();
      await Promise.all([stage.startDaemon(), stage.startLab(lab)]);
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  private constructor(
    readonly folder: string,
    private readonly labPort: number
  ) {}

  get home(): string {
    return join(this.folder, 'home');
  }
  /** The folder that JupyterLab serves. */
  get notebooks(): string {
    return join(this.folder, 'notebooks');
  }
  get labUrl(): string {
    return `http://127.0.0.1:${this.labPort}`;
  }
  get daemonUrl(): string {
    return (JSON.parse(readFileSync(join(this.home, 'daemon.json'), 'utf8')) as { url: string }).url;
  }
  get token(): string {
    return readFileSync(join(this.home, 'token'), 'utf8').trim();
  }

  async startDaemon(): Promise<void> {
    const args = [join(ROOT, 'bin', 'slipway.mjs'), 'serve', '--home', this.home];
    this.daemon = new Process(process.execPath, args, { cwd: ROOT, env: this.env, log: join(this.folder, 'daemon.log') });
    await this.daemon.until(() => this.isDaemonUp(), START_MS);
  }

  /** What a user types after `npx slipway`, in the story's home. @returns what it printed */
  async cli(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'bin', 'slipway.mjs'), ...args], { env: this.env });
    return stdout;
  }

  async stopDaemon(): Promise<void> {
    await this.daemon?.stop();
    this.daemon = null;
  }

  async close(): Promise<void> {
    await Promise.all([this.lab?.stop(), this.stopDaemon()]);
    this.endPostgres();
    if (process.env.SLIPWAY_KEEP_STAGE === undefined) {
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  /** A daemon that had to be killed leaves its PostgreSQL, to be found again by the next: here none comes. */
  private endPostgres(): void {
    const file = join(this.home, 'postgres', 'data', 'postmaster.pid');
    if (existsSync(file)) {
      const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
      try {
        process.kill(pid, 'SIGQUIT');
      } catch {
        // It ended in the meantime.
      }
    }
  }

  private async startLab(command: string): Promise<void> {
    const args = ['--config', join(__dirname, 'jupyter_server_config.py'), '--no-browser', '--ip=127.0.0.1', `--port=${this.labPort}`, `--ServerApp.root_dir=${this.notebooks}`];
    const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : [];
    this.lab = new Process(command, [...args, ...asRoot], { cwd: this.notebooks, env: this.env, log: join(this.folder, 'lab.log') });
    await this.lab.until(() => answers(`${this.labUrl}/api/status`), START_MS);
  }

  /** A kernel that is not Python's, among those of the stage alone. */
  private installBashKernel(): void {
    const folder = join(this.folder, 'jupyter-data', 'kernels', 'stage-bash');
    mkdirSync(folder, { recursive: true });
    const argv = [join(ROOT, '.venv', 'bin', 'python'), join(__dirname, 'bash-kernel', 'bash_kernel.py'), '-f', '{connection_file}'];
    writeFileSync(join(folder, 'kernel.json'), JSON.stringify({ argv, display_name: 'Bash', language: 'bash' }));
  }

  private async isDaemonUp(): Promise<boolean> {
    return existsSync(join(this.home, 'daemon.json')) && (await answers(`${this.daemonUrl}/healthz`));
  }

  /** Nothing of the user's own Jupyter or Slipway is read or written. */
  private environment(): NodeJS.ProcessEnv {
    const own = (name: string): string => join(this.folder, name);
    const { SLIPWAY_URL: _url, SLIPWAY_TOKEN: _token, MLFLOW_TRACKING_URI: _uri, ...env } = process.env;
    return {
      ...env,
      PATH: `${join(ROOT, '.venv', 'bin')}${delimiter}${process.env.PATH}`,
      SLIPWAY_HOME: this.home,
      JUPYTER_CONFIG_DIR: own('jupyter-config'),
      JUPYTER_DATA_DIR: own('jupyter-data'),
      JUPYTER_RUNTIME_DIR: own('jupyter-runtime'),
      IPYTHONDIR: own('ipython')
    };
  }

  private env: NodeJS.ProcessEnv = {};
  private daemon: Process | null = null;
  private lab: Process | null = null;
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    response => response.ok,
    () => false
  );
}
