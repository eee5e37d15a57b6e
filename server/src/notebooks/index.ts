export { analyze } from './analysis';
export { codeHash } from './code-hash';
export { draft } from './draft';
export { createSlicer, sliceExecutions, type CellRun, type ExecutionSlice } from './executions';
export { foreignLanguage } from './language';
export { metricsOf } from './metrics';
export { cellIdOf, parseNotebook, sourceOf } from './notebook';
export { applyParams } from './params';
export { localImports, normalizedSource, sourceHash } from './source/normalize';
