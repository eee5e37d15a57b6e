import { Router } from 'express';
import type { Artifacts } from '../../artifacts';
import type { Db } from '../../database';
import type { Tracking } from '../service';
import { artifactProxyRoutes, runArtifactRoutes } from './artifact-routes';
import { artifactTransferRoutes, presignedUrlRoutes } from './artifact-transfer-routes';
import { experimentRoutes } from './experiment-routes';
import { loggedModelRoutes } from './logged-model-routes';
import { runRoutes } from './run-routes';
import { mlflowRouter } from './router';

export { mlflowErrorHandler, mlflowNotFound } from './errors';
export * from './router';
export { int8, sendJson } from './wire';
/** The release whose dialect this is. */
const MLFLOW_VERSION = '3.18.0';

/** MLflow's REST API over tracking and artifacts; the registry adds its own routes beside these. */
export function mlflowTrackingRoutes(deps: { db: Db; tracking: Tracking; artifacts: Artifacts }): Router {
  const { db, tracking, artifacts } = deps;
  const router = Router();
  // Clients ask these before they have a token.
  router.get('/version', (_req, res) => void res.type('text/plain').send(MLFLOW_VERSION));
  router.get('/health', (_req, res) => void res.type('text/plain').send('OK'));
  router.use(artifactProxyRoutes(db, artifacts), artifactTransferRoutes(db, artifacts));
  router.use(mlflowRouter([...experimentRoutes(tracking), ...runRoutes(db, tracking), ...runArtifactRoutes(tracking, artifacts), ...presignedUrlRoutes(tracking), ...loggedModelRoutes(tracking, artifacts)]));
  return router;
}
