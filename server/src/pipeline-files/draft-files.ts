import { PipelineOptions, type DraftPipelineFiles, type PipelineFilesDraft, type PipelineSourceFile } from '@slipway/schema';
import type { z } from 'zod';
import { InvalidInput } from '../core/errors';
import { constantsOf, draft } from '../notebooks';
import { defaultParams, resolvePath, type PipelineContent } from '../pipelines';
import { buildContent, type Sources } from './build';
import { editFile } from './edit-file';
import { Problems } from './problems';
import { readSources } from './read-sources';
import { wholeStarters } from './starters';

/**
 * Files as the editor of pipelines shows them, with edits written into the
 * YAML; what the edits make is judged like any file.
 *
 * @throws PipelineFileInvalid with the place of every fault; InvalidInput `path_not_absolute`, `steps_not_cells`
 */
export function draftFiles({ folder, files, edits }: z.output<typeof DraftPipelineFiles>): PipelineFilesDraft {
  const [yaml, ...others] = files;
  const given = read(folder, files);
  if (edits.grouping && given.content.notebookSteps) {
    throw new InvalidInput('steps_not_cells', 'Steps of whole notebooks cannot be cut and joined: change the notebooks.');
  }
  const { steps, constants } = given.content;
  const scriptCells = given.sources.cells.filter(c => steps.some(s => s.cells.includes(c.id)));
  const text = editFile(
    {
      text: yaml!.text,
      value: given.sources.value,
      grouping: steps.map(({ name, cells }) => ({ name, cells })),
      params: constants.map(c => c.name),
      constants: [...new Set([...constantsOf(scriptCells), ...constants].map(c => c.name))]
    },
    edits
  );
  const made = text === yaml!.text ? given : read(folder, [{ path: yaml!.path, text }, ...others]);
  const { content, name, starters, warnings } = made;
  return {
    text,
    pipeline: name,
    kernelName: content.kernelName,
    notebookPath: content.notebookPath,
    draft: draftOf(content),
    params: Object.keys(defaultParams(content)),
    options: content.options ?? PipelineOptions.parse({}),
    starters: wholeStarters(starters),
    warnings
  };
}

function read(folder: string, files: readonly PipelineSourceFile[]): ReturnType<typeof buildContent> & { sources: Sources } {
  const problems = new Problems();
  const sources = readSources(resolvePath(folder), files, problems);
  return { ...buildContent(sources, problems), sources };
}

/** What the analysis says of the cells, with the steps that the file says. */
function draftOf({ cells, steps }: PipelineContent): PipelineFilesDraft['draft'] {
  const notebook = { nbformat: 4 as const, nbformat_minor: 5, metadata: {}, cells: cells.map(({ id, source }) => ({ id, cell_type: 'code' as const, source, metadata: {} })) };
  return { ...draft(notebook, { sinks: cells.map(c => c.id) }), steps };
}
