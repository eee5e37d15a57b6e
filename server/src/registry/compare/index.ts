export { createMakings, type Makings, type OriginOf, type RunOrigin } from './making';
export { comparisonRoutes } from './routes';
export { createComparison, type ModelComparisons } from './service';
export { createUriComparison } from './uri-comparison';
