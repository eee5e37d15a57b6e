import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const CACHE = join(ROOT, '.cache');
export const VENV_PYTHON = join(ROOT, '.venv', 'bin', 'python');

/** A part cannot be made ready; the message says what is missing and the exact command that helps. */
export class SetupError extends Error {}

export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Digest of files and of everything below folders: path, and content (or size and time, for `quick`). */
export function digestOf(paths, { quick = false } = {}) {
  const hash = createHash('sha256');
  const visit = path => {
    const full = join(ROOT, path);
    if (!existsSync(full)) return;
    const stat = statSync(full);
    if (stat.isDirectory()) {
      for (const name of readdirSync(full).sort()) {
        if (!SKIPPED.has(name)) visit(join(path, name));
      }
    } else if (!path.endsWith('.test.ts')) {
      hash.update(`${relative('.', path)}\0`);
      hash.update(quick ? `${stat.size} ${stat.mtimeMs}` : readFileSync(full));
    }
  };
  paths.forEach(visit);
  return hash.digest('hex');
}
const SKIPPED = new Set(['node_modules', 'lib', '__pycache__', '.ipynb_checkpoints']);

/**
 * Runs `make` unless it succeeded before with the same `key` and its `output`
 * is still there. Several processes may come here at once: one makes, the
 * others wait for it.
 */
export async function once(name, { key, output = ROOT }, make) {
  const stamp = join(CACHE, `${name}.stamp`);
  const isDone = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === key && existsSync(output);
  if (isDone()) return;
  mkdirSync(CACHE, { recursive: true });
  const release = await lock(join(CACHE, `${name}.lock`), name);
  try {
    if (isDone()) return;
    rmSync(stamp, { force: true });
    await make();
    writeFileSync(stamp, key);
  } finally {
    release();
  }
}

async function lock(path, name) {
  for (let i = 0; ; i++) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(readFileSync(path, 'utf8').trim() || NaN);
    if (!isAlive(holder)) {
      rmSync(path, { force: true });
      continue;
    }
    if (i === 0) say(`Waiting: another Slipway command (pid ${holder}) prepares ${name} …`);
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs a command quietly; shows its output only when it fails. */
export function run(command, args, { cwd = ROOT, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', chunk => (output += chunk));
    child.stderr.on('data', chunk => (output += chunk));
    child.on('error', reject);
    child.on('close', code => {
      if (code === 0) {
        resolve(output);
      } else {
        reject(new SetupError(`${tail(output)}\n\`${[command, ...args].join(' ')}\` failed (exit code ${code}).`));
      }
    });
  });
}

function tail(text) {
  return text.trimEnd().split('\n').slice(-40).join('\n');
}

/** Output of a short command, or null where it fails or is missing. */
export function ask(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : null;
}

export function has(command) {
  return (process.env.PATH ?? '').split(':').some(folder => existsSync(join(folder, command)));
}

/** Installs Debian packages as root or through a password-less sudo; else says the command. */
export async function apt(packages, why, otherwise = '') {
  const prefix = process.getuid?.() === 0 ? [] : ask('sudo', ['-n', 'true']) === null ? null : ['sudo', '-n'];
  const command = `sudo apt-get install -y ${packages.join(' ')}`;
  if (!has('apt-get') || prefix === null) {
    throw new SetupError(`${why} Install it with:\n\n    ${command}\n${otherwise}`);
  }
  say(`Installing ${packages.join(', ')} (apt-get) …`);
  const [program, ...args] = [...prefix, 'apt-get'];
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run(program, [...args, 'install', '-y', '--no-install-recommends', ...packages], { env }).catch(async () => {
      await run(program, [...args, 'update'], { env });
      await run(program, [...args, 'install', '-y', '--no-install-recommends', ...packages], { env });
    });
  } catch (error) {
    throw new SetupError(`${error.message}\n\n${why} Install it with:\n\n    ${command}\n${otherwise}`);
  }
}
