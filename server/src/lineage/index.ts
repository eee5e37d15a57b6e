export { createLineage, type Lineage } from './service';
export { lineageRoutes } from './routes';
