import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CACHE, ROOT } from '../setup/steps.mjs';

const bin = name => join(ROOT, 'node_modules', '.bin', name);

/** @typedef {{ name: string, passed: number, failed: number, skipped: number, flaky?: string[], seconds: number }} Outcome */

/** More failed files than a busy machine can be blamed for. */
const MOST_REPEATED = 5;

/**
 * Server, kernels and contract, on real PostgreSQL and real kernels. What fails
 * is run once more by itself, as the stories are: on a busy machine a beat may
 * be missed, and what fails twice is a fault. What passed only then is named.
 */
export async function jest(args = []) {
  return suite('jest', async report => {
    const first = await runJest(report, args);
    if (first.failedFiles.length === 0 || first.failedFiles.length > MOST_REPEATED) {
      return first;
    }
    process.stdout.write(`\nonce more, by themselves:\n${first.failedFiles.map(file => `  ${file}\n`).join('')}`);
    const second = await runJest(report, ['--runInBand', '--forceExit', '--runTestsByPath', ...first.failedFiles]);
    const isFlaky = file => !second.failedFiles.includes(file);
    return { passed: first.passed - first.passedInFailed + second.passed, failed: second.failed, skipped: first.skipped, flaky: first.failedFiles.filter(isFlaky) };
  });
}

async function runJest(report, args) {
  const code = await show(bin('jest'), ['--json', `--outputFile=${report}`, ...args]);
  const result = readJson(report);
  const failedFiles = (result?.testResults ?? []).filter(file => file.status === 'failed');
  // A file that did not even load has no failed test in it, and a run that broke off may have no report.
  const failed = (result?.numFailedTests ?? 0) + (result?.numRuntimeErrorTestSuites ?? 0);
  return {
    passed: result?.numPassedTests ?? 0,
    failed: code === 0 ? failed : Math.max(failed, 1),
    skipped: result?.numPendingTests ?? 0,
    failedFiles: failedFiles.map(file => relative(ROOT, file.name)),
    passedInFailed: failedFiles.flatMap(file => file.assertionResults).filter(test => test.status === 'passed').length
  };
}

/** The stories of the user, in a real browser on a real JupyterLab. */
export async function browserStories(args = []) {
  return suite('browser', async report => {
    const code = await show(bin('playwright'), ['test', '--config', 'ui-tests/playwright.config.ts', '--reporter=list,json', ...args], { PLAYWRIGHT_JSON_OUTPUT_NAME: report });
    const { expected = 0, flaky = 0, unexpected = 0, skipped = 0 } = readJson(report)?.stats ?? {};
    return { passed: expected + flaky, failed: code === 0 ? unexpected : Math.max(unexpected, 1), skipped };
  });
}

/** A command that passes or fails as a whole: lint, types. */
export async function check(name, command, args) {
  return suite(name, async () => {
    const code = await show(command === 'node' ? process.execPath : bin(command), args);
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  });
}

/** The table at the end; true when nothing failed and something passed. */
export function summarize(outcomes) {
  const sum = key => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  process.stdout.write('\n');
  for (const { name, passed, failed, skipped, flaky = [], seconds } of outcomes) {
    process.stdout.write(`${failed > 0 ? '✕' : '✓'} ${name.padEnd(11)} ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} (${seconds} s)\n`);
    flaky.forEach(which => process.stdout.write(`    passed only when repeated: ${which}\n`));
  }
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  return sum('failed') === 0 && sum('passed') > 0;
}

async function suite(name, work) {
  process.stdout.write(`\n── ${name} ──\n`);
  mkdirSync(CACHE, { recursive: true });
  const report = join(CACHE, `${name}-${process.pid}.json`);
  const since = Date.now();
  try {
    return { name, ...(await work(report)), seconds: Math.round((Date.now() - since) / 1000) };
  } finally {
    rmSync(report, { force: true });
  }
}

/** Runs a command with its output on ours, and gives its exit code. */
function show(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('close', code => resolve(code ?? 1));
  });
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}
