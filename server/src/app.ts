import { createKernelRuntime } from '@slipway/kernels-bridge';
import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import express, { Router, type RequestHandler } from 'express';
import { accessRoutes, authenticate, browserGuard, createAccess, jsonBodiesOnly } from './access';
import { createArtifacts } from './artifacts';
import { backfillRoutes, createBackfills } from './backfills';
import type { Config } from './core/config';
import { errorHandler, noSuchRoute } from './core/error-handler';
import type { Log } from './core/log';
import { packageRoot } from './core/package-root';
import { version } from './daemon/daemon-file';
import type { HomePaths } from './daemon/home';
import type { Db } from './database';
import { docsRoutes } from './docs';
import { createEvents, eventRoutes } from './events';
import { createImports, importRoutes } from './imports';
import { createLineage, createLineageGraph, lineageRoutes } from './lineage';
import { createSlicer, sourceHash } from './notebooks';
import { createOpenLineage, createRecorder, factSources, openLineageRoutes, openLineageSchemaRoutes } from './openlineage';
import { createLabAddress, labRoutes, pageRoutes } from './pages';
import { createPipelineFiles, pipelineFileRoutes } from './pipeline-files';
import { createNotifications } from './notifications';
import { createSecrets, secretRoutes } from './secrets';
import { blobsInUse, createPipelines, pipelineRoutes, runsUnderWay } from './pipelines';
import { createJobLogs, createLocalExecutor, createEngines, createScheduler, createSchedulerControl, machineCapacity, readEngines, schedulerRoutes } from './scheduler';
import { createSystem, systemRoutes } from './system';
import { cardRoutes, comparisonRoutes, createCards, createComparison, createMakings, createPromotions, createRegistry, createUriComparison, mlflowRegistryRoutes, promotionRoutes, protectVersions, registryRoutes } from './registry';
import { createLatencyMeter, createServing, servingRoutes, type ServingLimits } from './serving';
import { createSameInputs, createSessions, createTracking, exploreRoutes, mlflowErrorHandler, mlflowFileRoutes, mlflowListener, mlflowNotFound, mlflowRouter, mlflowTrackingRoutes, runChangeRoutes, sameInputsRoutes, sessionRoutes } from './tracking';
import { createFiringLoop, createLooks, createTriggers, hookRoutes, triggerRoutes } from './triggers';
import { createUpkeep, createUpkeepTimer, upkeepRoutes } from './upkeep';
import { createWebhooks, mlflowWebhookRoutes, webhookRoutes } from './webhooks';

export interface AppDeps {
  db: Db;
  databaseUrl: string;
  log: Log;
  paths: HomePaths;
  config: Config;
  auth: 'token' | 'none';
  sandbox: 'auto' | 'none';
  servingLimits?: Partial<ServingLimits>;
  /** How old a file must be that nobody uses, to be cleared away. */
  blobGraceMs?: number;
}

export interface App {
  /** Answers every request. */
  listener: RequestListener;
  /** Begins the loops; `url` is where the daemon listens. */
  start(url: string): Promise<void>;
  /** From now on `/healthz` says that all is there. */
  setReady(): void;
  stop(): Promise<void>;
}

/**
 * The composition root: the one place that knows every feature. Built lowest
 * first, each given exactly what it needs; tests build the same app.
 */
export async function createApp(deps: AppDeps): Promise<App> {
  const { db, databaseUrl, log, paths } = deps;
  const events = createEvents({ db, databaseUrl, log });
  const access = createAccess({ db, tokenFile: paths.token, proxySecretFile: paths.proxySecret });
  const lineage = createLineage({ db });
  const artifacts = createArtifacts({ db, root: paths.artifacts, graceMs: deps.blobGraceMs });
  const tracking = createTracking({ db, events, artifacts, lineage });
  const webhooks = createWebhooks({ db, databaseUrl, events, log, keyFile: paths.webhookKey, allowedHosts: deps.config.webhookAllowedHosts });
  const registry = createRegistry({ db, events: webhooks, tracking, artifacts, lineage });
  const promotions = createPromotions({ db, events: webhooks, registry, log });

  const runtime = await createKernelRuntime({
    runtimeDir: paths.runtimeDir,
    workDir: join(paths.work, 'steps'),
    logFile: join(paths.logs, 'kernels.log'),
    blobs: artifacts.blobs,
    sandbox: deps.sandbox,
    hiddenPaths: [paths.home, paths.runtimeDir],
    python: deps.config.python ?? join(packageRoot(), '.venv/bin/python'),
    pythonPath: join(packageRoot(), 'kernels-bridge/python'),
    env: deps.config.environment
  });
  const secrets = createSecrets({ db, keyFile: paths.secretKey, folder: paths.secrets, environment: deps.config.environment, allowed: deps.config.secretEnvironment });
  const notifications = createNotifications({ db, log, allowedHosts: deps.config.webhookAllowedHosts, mail: deps.config.mail, source: deps.config.publicUrl ?? 'urn:slipway' });
  const logs = createJobLogs(join(paths.work, 'logs'));
  const engines = createEngines({
    configs: readEngines(paths.home),
    ...{ blobs: artifacts.blobs, secrets, log, environment: deps.config.environment, environmentLock: runtime.environmentLock },
    runtimeFolders: { runner: join(packageRoot(), 'build/step-runner'), python: join(packageRoot(), 'kernels-bridge/python') }
  });
  const scheduler = createScheduler({ db, databaseUrl, log, home: paths.home, capacity: await machineCapacity(), executor: createLocalExecutor(runtime, secrets), engines, logs });
  const recorder = createRecorder({ events, hasConsumer: deps.config.openLineage.consumer !== null });
  const sessions = createSessions({ db, events: recorder, lineage, runs: tracking, tokens: access, analysis: { sliceExecutions: createSlicer().slice, sourceHash }, spoolFolder: paths.spool, log });
  const pipelines = createPipelines({ db, events: recorder, log, lineage, blobs: artifacts.blobs, logs, scheduler, tracking, registry: registry, kernels: runtime, sessions, secrets, notifications, home: paths.home, environment: deps.config.environment });
  const backfills = createBackfills({ db, events, log, pipelines });
  const firing = createFiringLoop({ db, events, log, home: paths.home, look: createLooks({ db, python: deps.config.python ?? join(packageRoot(), '.venv/bin/python') }), pipelines });
  const triggers = createTriggers({ db, events, home: paths.home, secrets: webhooks.secrets, pipelines, poke: firing.poke });
  const makings = createMakings({ db, tracking, lineage, artifacts, origins: [sessions.originOf, pipelines.originOf] });
  const comparison = createComparison({ registry, makings });
  const cards = createCards({ db, events: webhooks, registry, comparison, lineage, artifacts, tracking });
  const graphs = createLineageGraph({ lineage, describers: [tracking.describe, sessions.describe, registry.describeUris, pipelines.describe] });
  const openLineage = createOpenLineage({
    ...{ db, databaseUrl, log, blobs: artifacts.blobs, version: version(), publicUrl: deps.config.publicUrl },
    ...deps.config.openLineage,
    sources: factSources({ sessions, pipelines, registry, artifacts }),
    pipelineRunOf: pipelines.runIdOf
  });
  const serving = createServing({ registry, artifacts, kernels: runtime, folder: join(paths.work, 'serving'), log, limits: deps.servingLimits });
  const latencyMeter = createLatencyMeter({ registry, artifacts, serving, events, log });
  const upkeep = createUpkeep({ db, log, tracking, artifacts, isRegistered: protectVersions, isUnderWay: runsUnderWay, blobsInUse: () => blobsInUse(db) });
  const upkeepTimer = createUpkeepTimer({ db, sweep: upkeep.sweep, log });
  const system = createSystem({ db, version: version(), home: paths.home, isEmbedded: deps.config.databaseUrl === undefined, auth: deps.auth, sandboxState: runtime.sandboxState, slots: scheduler.capacity });

  const pipelineFiles = createPipelineFiles({ definitions: pipelines.definitions, schedules: pipelines.schedules, blobs: artifacts.blobs, checkKernel: pipelines.checkKernel, capacity: scheduler.capacity });
  const lab = createLabAddress();
  const guard = browserGuard(deps.config.allowedHosts);
  const callerOf = authenticate(access, deps.auth);
  const authenticated: RequestHandler = async (req, res, next) => {
    res.locals.caller = await callerOf(req);
    next();
  };

  const api = Router();
  api.use(lab.notice, jsonBodiesOnly, express.json({ limit: '32mb' }));
  api.use(systemRoutes(system), labRoutes(lab), eventRoutes(events), schedulerRoutes(scheduler, createSchedulerControl({ db, events, queue: scheduler.queue, hasGpus: scheduler.capacity().gpus.length > 0 })), accessRoutes(access), lineageRoutes(graphs), registryRoutes({ db, artifacts, tracking, registry }), sessionRoutes(sessions), exploreRoutes({ db, tracking, artifacts }), pipelineRoutes(pipelines), importRoutes(createImports({ db, tracking, lineage })));
  api.use(backfillRoutes(backfills), triggerRoutes(triggers));
  api.use(pipelineFileRoutes(pipelineFiles), runChangeRoutes(tracking.changes), upkeepRoutes(upkeep));
  api.use(openLineageRoutes(openLineage), sameInputsRoutes(createSameInputs({ db, tracking })));
  api.use(promotionRoutes(promotions), comparisonRoutes(comparison, createUriComparison({ registry, tracking, makings })), cardRoutes(cards), webhookRoutes(webhooks), secretRoutes(secrets));

  const app = express();
  app.disable('x-powered-by');
  app.use((_req, res, next) => {
    res.locals.requestId = randomUUID();
    next();
  });
  let isReady = false;
  app.get('/healthz', (_req, res) => void res.status(isReady ? 200 : 503).json({ status: isReady ? 'ok' : 'starting' }));
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
  return {
    listener: mlflowListener(mlflowRoutes, { guard, authenticate: callerOf, log }, app),
    async start(url) {
      system.setUrl(url);
      await events.start();
      webhooks.start();
      promotions.start();
      await scheduler.start();
      await serving.start();
      latencyMeter.start();
      await sessions.start();
      await openLineage.start(url);
      notifications.start();
      await pipelines.resume();
      backfills.start();
      await firing.start();
      upkeepTimer.start();
    },
    setReady: () => {
      isReady = true;
    },
    async stop() {
      await upkeepTimer.stop();
      await openLineage.stop();
      await firing.stop();
      await backfills.stop();
      await pipelines.stop();
      await notifications.stop();
      await sessions.stop();
      await latencyMeter.stop();
      await serving.stop();
      await scheduler.stop();
      await runtime.dispose();
      await promotions.stop();
      await webhooks.stop();
      await events.stop();
    }
  };
}
