import { Router } from 'express';
import type { Artifacts } from '../../artifacts';
import type { Db } from '../../database';
import type { Tracking } from '../service';
import { artifactProxyRoutes, runArtifactRoutes } from './artifact-routes';
import { artifactTransferRoutes, presignedUrlRoutes } from './artifact-transfer-routes';
import { experimentRoutes } from './experiment-routes';
import { loggedModelRoutes } from './logged-model-routes';
import { runRoutes } from './run-routes';
import type { MlflowRoute } from './routes';

export { mlflowErrorHandler, mlflowNotFound } from './errors';
export * from './fields';
export { mlflowListener } from './listener';
export { mlflowRouter } from './router';
export { mlflowRoute, type MlflowCall, type MlflowRoute } from './routes';
export { int8, sendJson } from './wire';
/** The release whose dialect this is. */
const MLFLOW_VERSION = '3.18.0';

/** MLflow's REST API over tracking; the registry has its own routes beside these. */
export function mlflowTrackingRoutes({ db, tracking, artifacts }: { db: Db; tracking: Tracking; artifacts: Artifacts }): MlflowRoute[] {
  return [...experimentRoutes(tracking), ...runRoutes(db, tracking), ...runArtifactRoutes(tracking, artifacts), ...presignedUrlRoutes(tracking), ...loggedModelRoutes(tracking, artifacts)];
}

/** What is not JSON in and out: files, and how the server is. */
export function mlflowFileRoutes({ db, artifacts }: { db: Db; artifacts: Artifacts }): Router {
  const router = Router();
  // Clients ask these before they have a token.
  router.get('/version', (_req, res) => void res.type('text/plain').send(MLFLOW_VERSION));
  router.get('/health', (_req, res) => void res.type('text/plain').send('OK'));
  router.use(artifactProxyRoutes(db, artifacts), artifactTransferRoutes(db, artifacts));
  return router;
}
