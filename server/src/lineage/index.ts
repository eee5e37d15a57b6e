export { cellTitle } from './cell-title';
export { createLineage, type Lineage } from './service';
export { createLineageGraph, type Describer, type Description } from './graph';
export { lineageRoutes } from './routes';
export { cellUri, datasetUri, loggedModelUri, mlflowDatasetUri, modelUri, parseCellUri, parseDatasetUri, parseVersionUri, pipelineUri, runUri, sourcePlace } from './uris';
