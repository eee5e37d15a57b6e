export { applyCommand } from './apply';
export { diffCommand } from './diff';
export { exportPipelineCommand } from './export-pipeline';
export { importPipelineCommand } from './import-pipeline';
export { pullCommand } from './pull';
export { runNotebookCommand } from './run-notebook';
export { validateCommand } from './validate';
