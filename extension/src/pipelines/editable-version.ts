import type { Draft, Notebook, PipelineVersion } from '@slipway/schema';

/** The cells of a version as a notebook of nothing else. */
export function notebookOf(version: PipelineVersion): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: version.kernelName, display_name: version.kernelName }, language_info: { name: 'python' } },
    cells: version.cells.map(({ id, source }) => ({ id, cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null }))
  };
}

/**
 * Whether the cells alone tell all of a version's steps, so that they can be
 * cut and joined anew: one that comes from a file, or holds whole notebooks as
 * steps, or whose order somebody wrote down, would lose what was said there.
 */
export function mayRegroup(version: PipelineVersion, draft: Draft): boolean {
  const isWhole = version.steps.some(step => step.cells.some(id => id.startsWith(`${step.name}/`)));
  const isFromNotebook = version.notebookPath.endsWith('.ipynb') && !isWhole && version.steps.every(step => step.types === undefined);
  return isFromNotebook && shapeOf(version.steps) === shapeOf(draft.steps);
}

function shapeOf(steps: readonly { name: string; cells: string[]; after: string[] }[]): string {
  return JSON.stringify(steps.map(({ name, cells, after }) => [name, [...cells].sort(), [...after].sort()]).sort(([a], [b]) => String(a).localeCompare(String(b))));
}
