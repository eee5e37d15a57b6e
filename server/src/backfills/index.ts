export { backfillRoutes } from './routes';
export { createBackfills, type Backfills } from './service';
