import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunningApp } from '../running-app';

const PYTHON = join(__dirname, '../../../.venv/bin/python');

/** Runs Python with MLflow's client pointed at the app; gives what it printed. */
export async function python(app: RunningApp, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(PYTHON, args, { env: { ...process.env, MLFLOW_TRACKING_URI: app.url, GIT_PYTHON_REFRESH: 'quiet' } });
  return stdout;
}

/** Registers a classifier with the real client; gives its version. */
export async function registerByClient(app: RunningApp, name: string, accuracyInGermany: number, ...more: string[]): Promise<string> {
  const told = await python(app, join(__dirname, 'register_story.py'), name, String(accuracyInGermany), ...more);
  return /^version (\d+)$/m.exec(told)![1]!;
}
