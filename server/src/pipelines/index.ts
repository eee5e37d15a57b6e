export { blobsInUse, runsUnderWay } from './blobs-in-use';
export { pipelineRoutes } from './routes';
export { createPipelines, type PipelineDeps, type Pipelines } from './service';
