export { comparisonRoutes } from './routes';
export { createComparison, type OriginOf, type RunOrigin } from './service';
