import type { ApplyPipelineFiles } from '@slipway/schema';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { readConfig } from '../../core/config';
import { packageRoot } from '../../core/package-root';
import { buildContent, checkPipelineFile, printScript, printYaml, Problems, SUFFIX, type Locate, type PipelineFileInput } from '../../pipeline-files';
import { CliError, EXIT } from '../output';

/** A pipeline as `slipway.declare` tells it. */
interface Declared {
  file: PipelineFileInput;
  cells: { id: string; title: string; source: string }[];
  /** Where steps are called, by their names. */
  places: Record<string, { file: string; line: number }>;
  line: number;
}
type Answer = { pipelines: Declared[] } | { error: { message: string; file: string; line: number } };

/**
 * The pipelines a Python module declares, as files. The module is run by the
 * Python of the kernels, in a process of its own; what it prints goes to stderr.
 *
 * @throws CliError `module_invalid`; PipelineFileInvalid, both with lines of the module
 */
export async function loadModule(path: string, python = pythonOfKernels()): Promise<ApplyPipelineFiles[]> {
  const full = resolve(path);
  if (!existsSync(full)) {
    throw new CliError(EXIT.usage, 'file_unreadable', `${path} cannot be read: there is no such file.`);
  }
  const answer = await ask(full, python);
  if ('error' in answer) {
    const { file, line, message } = answer.error;
    throw new CliError(EXIT.usage, 'module_invalid', `${basename(file)}:${line}: ${message}`);
  }
  return answer.pipelines.map(declared => asFiles(full, declared));
}

function asFiles(path: string, { file: told, cells, places, line }: Declared): ApplyPipelineFiles {
  const module = basename(path);
  const file: PipelineFileInput = { ...told, notebook: module, script: `${told.name}.cells.py` };
  const locate: Locate = ([part, step]) => ({ file: module, line: (part === 'steps' && places[String(step)]?.line) || line, column: 1 });
  const problems = new Problems();
  const checked = checkPipelineFile(file, locate, problems);
  problems.throwIfAny();
  const placed = cells.map(cell => ({ ...cell, line }));
  buildContent({ file: checked!, value: { ...file }, locate, folder: dirname(path), cells: placed, script: module, notebooks: new Map() }, problems);
  return { folder: dirname(path), files: [{ path: `${told.name}${SUFFIX}`, text: printYaml(file) }, { path: file.script!, text: printScript(cells) }] };
}

function ask(path: string, python: string): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-module-'));
  const file = join(folder, 'answer.json');
  const env = { ...process.env, PYTHONPATH: [join(packageRoot(), 'kernels-bridge/python'), process.env.PYTHONPATH].filter(Boolean).join(':') };
  return new Promise<Answer>((done, fail) => {
    const child = execFile(python, ['-m', 'slipway.declare', path, file], { env, cwd: dirname(path), maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      process.stderr.write(stdout);
      if (error || !existsSync(file)) {
        fail(new CliError(EXIT.usage, 'module_invalid', `${basename(path)} could not be run by ${python}: ${stderr.trim() || error?.message || 'it ended without an answer'}`));
        return;
      }
      process.stderr.write(stderr);
      done(JSON.parse(readFileSync(file, 'utf8')) as Answer);
    });
    child.stdin?.end();
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
}

function pythonOfKernels(): string {
  return readConfig(process.env).python ?? join(packageRoot(), '.venv/bin/python');
}
