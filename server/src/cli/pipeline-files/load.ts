import type { ApplyPipelineFiles, PipelineSourceFile } from '@slipway/schema';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { filesNeeded, SUFFIX } from '../../pipeline-files';
import { CliError, EXIT } from '../output';
import { loadModule } from './module';

/** A pipeline file and what it names, from the disk. @throws CliError `file_unreadable`; PipelineFileInvalid */
export function loadFiles(path: string): ApplyPipelineFiles {
  const full = resolve(path);
  if (!full.endsWith(SUFFIX)) {
    throw new CliError(EXIT.usage, 'not_a_pipeline_file', `${path} is no pipeline file: its name ends in ${SUFFIX}. A module with @slipway.pipeline ends in .py.`);
  }
  const folder = dirname(full);
  const yaml = { path: basename(full), text: readText(full) };
  const needed = filesNeeded(yaml);
  return { folder, files: [yaml, ...filesBeside(folder, [...(needed.isScriptNeeded ? [needed.script] : []), ...needed.notebooks])] };
}

/** The files of a folder, as far as they are there; notebooks without their outputs. */
export function filesBeside(folder: string, paths: readonly string[]): PipelineSourceFile[] {
  return paths.flatMap(path => readIfThere(folder, path).map(withoutOutputs));
}

/** What each path declares: a pipeline file one pipeline, a Python module any number. */
export async function loadPipelines(paths: readonly string[]): Promise<ApplyPipelineFiles[]> {
  const loaded = [];
  for (const path of paths) {
    loaded.push(...(path.endsWith('.py') ? await loadModule(path) : [loadFiles(path)]));
  }
  return loaded;
}

/** What is not there is told by the check, with the place that names it. */
function readIfThere(folder: string, path: string): PipelineSourceFile[] {
  try {
    return [{ path, text: readFileSync(join(folder, path), 'utf8') }];
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw new CliError(EXIT.usage, 'file_unreadable', `${path} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : cause instanceof Error ? cause.message : String(cause)}.`);
  }
}

/** Outputs of a notebook may be large and say nothing here. */
function withoutOutputs(file: PipelineSourceFile): PipelineSourceFile {
  if (!file.path.endsWith('.ipynb')) {
    return file;
  }
  try {
    const notebook = JSON.parse(file.text) as { cells?: { outputs?: unknown; attachments?: unknown }[] };
    notebook.cells?.forEach(cell => {
      delete cell.outputs;
      delete cell.attachments;
    });
    return { ...file, text: JSON.stringify(notebook) };
  } catch {
    return file; // told by who reads it
  }
}
