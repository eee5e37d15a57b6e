import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import express, { Router, type RequestHandler } from 'express';
import { accessRoutes, authenticate, browserGuard, jsonBodiesOnly } from './access';
import { backfillRoutes } from './backfills';
import { errorHandler, noSuchRoute } from './core/error-handler';
import { docsRoutes } from './docs';
import { eventRoutes } from './events';
import type { AppDeps, Features } from './features';
import { createImports, importRoutes } from './imports';
import { lineageRoutes } from './lineage';
import { notificationRoutes } from './notifications';
import { openLineageRoutes, openLineageSchemaRoutes } from './openlineage';
import { labRoutes, pageRoutes } from './pages';
import { pipelineFileRoutes } from './pipeline-files';
import { secretRoutes } from './secrets';
import { pipelineRoutes } from './pipelines';
import { createSchedulerControl, schedulerRoutes } from './scheduler';
import { systemRoutes } from './system';
import { cardRoutes, comparisonRoutes, createUriComparison, mlflowRegistryRoutes, promotionRoutes, registryRoutes } from './registry';
import { servingRoutes } from './serving';
import { createSameInputs, exploreRoutes, mlflowErrorHandler, mlflowFileRoutes, mlflowListener, mlflowNotFound, mlflowRouter, mlflowTrackingRoutes, runChangeRoutes, sameInputsRoutes, sessionRoutes } from './tracking';
import { hookRoutes, triggerRoutes } from './triggers';
import { sweepRoutes } from './sweeps';
import { upkeepRoutes } from './upkeep';
import { mlflowWebhookRoutes, webhookRoutes } from './webhooks';

/** Answers every request: the API, MLflow's dialect, models, hooks and pages. `isReady` is what `/healthz` says. */
export function createListener(features: Features, deps: AppDeps, isReady: () => boolean): RequestListener {
  const { events, access, lineage, artifacts, tracking, webhooks, registry, promotions, secrets, notifications, scheduler, sessions, pipelines, backfills, sweeps, triggers, makings, comparison, cards, graphs, openLineage, serving, upkeep, system, pipelineFiles, lab } = features;
  const { db, log } = deps;
  const guard = browserGuard(deps.config.allowedHosts);
  const callerOf = authenticate(access, deps.auth);
  const authenticated: RequestHandler = async (req, res, next) => {
    res.locals.caller = await callerOf(req);
    next();
  };

  const api = Router();
  api.use(lab.notice, jsonBodiesOnly, express.json({ limit: '32mb' }));
  const control = createSchedulerControl({ db, events, queue: scheduler.queue });
  api.use(systemRoutes(system), labRoutes(lab), eventRoutes(events), schedulerRoutes(scheduler, control), accessRoutes(access), lineageRoutes(graphs));
  api.use(registryRoutes({ db, artifacts, tracking, registry }), sessionRoutes(sessions), exploreRoutes({ db, tracking, artifacts }), pipelineRoutes(pipelines), importRoutes(createImports({ db, tracking, lineage })));
  api.use(sweepRoutes(sweeps), backfillRoutes(backfills), triggerRoutes(triggers), pipelineFileRoutes(pipelineFiles), runChangeRoutes(tracking.changes), upkeepRoutes(upkeep));
  api.use(openLineageRoutes(openLineage), sameInputsRoutes(createSameInputs({ db, tracking })));
  api.use(promotionRoutes(promotions), comparisonRoutes(comparison, createUriComparison({ registry, tracking, makings })), cardRoutes(cards), webhookRoutes(webhooks), secretRoutes(secrets), notificationRoutes(notifications));

  const app = express();
  app.disable('x-powered-by');
  app.use((_req, res, next) => {
    res.locals.requestId = randomUUID();
    next();
  });
  app.get('/healthz', (_req, res) => void res.status(isReady() ? 200 : 503).json({ status: isReady() ? 'ok' : 'starting' }));
  app.use((req, _res, next) => {
    guard(req);
    next();
  });
  app.use(pageRoutes(), docsRoutes(), openLineageSchemaRoutes(openLineage));
  app.use(hookRoutes(triggers));
  app.use('/api/v1', authenticated, api, noSuchRoute, errorHandler(log));
  app.use(['/api/2.0', '/api/3.0', '/ajax-api'], authenticated);
  const mlflowRoutes = [...mlflowTrackingRoutes({ db, tracking, artifacts }), ...mlflowRegistryRoutes(db, registry), ...mlflowWebhookRoutes(webhooks)];
  app.use(mlflowFileRoutes({ db, artifacts }), mlflowRouter(mlflowRoutes));
  app.use(['/api', '/ajax-api'], mlflowNotFound, mlflowErrorHandler(log));
  app.use('/models', authenticated);
  app.use(servingRoutes(serving));
  app.use(noSuchRoute, errorHandler(log));
  return mlflowListener(mlflowRoutes, { guard, authenticate: callerOf, log }, app);
}
