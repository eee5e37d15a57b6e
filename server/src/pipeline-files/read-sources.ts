import type { Notebook, PipelineSourceFile } from '@slipway/schema';
import { basename } from 'node:path';
import { AppError } from '../core/errors';
import { parseNotebook } from '../notebooks';
import type { Sources } from './build';
import { scriptAsNotebook } from './notebook-step';
import { parseScript } from './percent-script';
import { Problems } from './problems';
import { readPipelineFile } from './read-file';

export const SUFFIX = '.pipeline.yaml';

/** Paths of the files a pipeline file needs beside itself, relative to its folder. @throws PipelineFileInvalid */
export function filesNeeded(yaml: PipelineSourceFile): { script: string; isScriptNeeded: boolean; notebooks: string[] } {
  const problems = new Problems();
  const read = readPipelineFile(basename(yaml.path), yaml.text, problems);
  problems.throwIfAny();
  const steps = Object.values(read!.file.steps);
  return {
    script: read!.file.script ?? `${read!.file.name}.py`,
    isScriptNeeded: steps.some(s => s.notebook === undefined),
    notebooks: [...new Set(steps.flatMap(s => s.notebook ?? []))]
  };
}

/** A pipeline's files as read; the first is the `.pipeline.yaml`. @throws PipelineFileInvalid with the place of every fault */
export function readSources(folder: string, files: readonly PipelineSourceFile[], problems = new Problems()): Sources {
  const [yaml, ...others] = files;
  const name = basename(yaml!.path);
  const read = readPipelineFile(name, yaml!.text, problems);
  problems.throwIfAny();
  const { file, value, locate } = read!;
  const script = file.script ?? `${file.name}.py`;
  const parsed = parseScript(others.find(f => f.path === script)?.text ?? '');
  parsed.faults.forEach(fault => problems.add({ file: script, line: fault.line, column: 1 }, fault.message));
  if (Object.values(file.steps).some(s => s.notebook === undefined) && !others.some(f => f.path === script)) {
    problems.add(locate(file.script === undefined ? ['name'] : ['script']), `The script ${script} with the cells is not there.`);
  }
  const notebooks = new Map<string, Notebook>();
  for (const [stepName, step] of Object.entries(file.steps)) {
    const given = others.find(f => f.path === step.notebook);
    if (given) {
      readNotebook(given, notebooks, message => problems.add(locate(['steps', stepName, 'notebook']), message));
    }
  }
  problems.throwIfAny();
  return { file, value, locate, folder, cells: parsed.cells, script, notebooks };
}

function readNotebook({ path, text }: PipelineSourceFile, into: Map<string, Notebook>, onFault: (message: string) => void): void {
  if (path.endsWith('.py')) {
    into.set(path, scriptAsNotebook(text));
    return;
  }
  try {
    into.set(path, parseNotebook(JSON.parse(text)));
  } catch (error) {
    onFault(error instanceof AppError ? error.message : `${path} is no notebook: it is not JSON.`);
  }
}
