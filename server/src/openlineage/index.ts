export { createRecorder } from './recorder';
export { openLineageRoutes, openLineageSchemaRoutes } from './routes';
export { factSources } from './sources';
export { createOpenLineage, type OpenLineage } from './service';
