export { blobsInUse, runsUnderWay } from './blobs-in-use';
export { canonicalJson, contentHash, defaultParams, folderOf, withOptions, type NotebookStep, type PipelineContent } from './content';
export { inOrder } from './dag';
export { boundParams, checkBound, checkParams, typedAs } from './interval-bindings';
export { collectLocalModules } from './local-modules';
export { decodeCursor, encodeCursor } from './paging';
export { pipelineRoutes } from './routes';
export { createPipelines, type PipelineDeps, type Pipelines } from './service';
export { wiredSteps } from './wiring';
