import { createKernelRuntime } from '@slipway/kernels-bridge';
import { join } from 'node:path';
import { createAccess } from './access';
import { createArtifacts } from './artifacts';
import { createBackfills } from './backfills';
import type { Config } from './core/config';
import type { Log } from './core/log';
import { packageRoot } from './core/package-root';
import { version } from './daemon/daemon-file';
import type { HomePaths } from './daemon/home';
import type { Db } from './database';
import { createEvents } from './events';
import { createLineage, createLineageGraph } from './lineage';
import { createSlicer, sourceHash } from './notebooks';
import { createOpenLineage, createRecorder, factSources } from './openlineage';
import { createLabAddress } from './pages';
import { createPipelineFiles } from './pipeline-files';
import { createNotifications } from './notifications';
import { createSecrets } from './secrets';
import { blobsInUse, createPipelines, runsUnderWay } from './pipelines';
import { createCheckpoints, createJobLogs, createLocalExecutor, createEngines, createScheduler, machineCapacity, readEngines, type Capacity, type Executor } from './scheduler';
import { createSystem } from './system';
import { createCards, createComparison, createMakings, createPromotions, createRegistry, protectVersions } from './registry';
import { createLatencyMeter, createServing, type ServingLimits } from './serving';
import { createSessions, createTracking } from './tracking';
import { createTrainingRules } from './training-rules';
import { createFiringLoop, createLooks, createTriggers } from './triggers';
import { createSweeps, runsOfActiveSweeps } from './sweeps';
import { createHousekeeping, createUpkeep, createUpkeepTimer } from './upkeep';
import { createWebhooks } from './webhooks';

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
  /** How often what grew old is cleared away. */
  housekeepingMs?: number;
  /** What the machine is taken to have, and what stands before its executor: of benches, and of tests that have it fail. */
  capacity?: Capacity;
  executor?(local: Executor): Executor;
}

export type Features = Awaited<ReturnType<typeof createFeatures>>;

/** Every feature, built lowest first, each given exactly what it needs. Nothing runs yet. */
export async function createFeatures(deps: AppDeps) {
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
  const notifications = createNotifications({ db, events, log, allowedHosts: deps.config.webhookAllowedHosts, mail: deps.config.mail, source: deps.config.publicUrl ?? 'urn:slipway' });
  const logs = createJobLogs(join(paths.work, 'logs'));
  const engines = createEngines({
    configs: readEngines(paths.home),
    ...{ blobs: artifacts.blobs, secrets, log, environment: deps.config.environment, environmentLock: runtime.environmentLock },
    runtimeFolders: { runner: join(packageRoot(), 'build/step-runner'), python: join(packageRoot(), 'kernels-bridge/python') }
  });
  const local = createLocalExecutor({ runtime, secrets, checkpoints: createCheckpoints(join(paths.work, 'checkpoints')) });
  const scheduler = createScheduler({ db, databaseUrl, log, home: paths.home, capacity: deps.capacity ?? (await machineCapacity(deps.config.environment)), executor: deps.executor?.(local) ?? local, engines, logs, environment: deps.config.environment });
  const recorder = createRecorder({ events, hasConsumer: deps.config.openLineage.consumer !== null });
  const sessions = createSessions({ db, events: recorder, lineage, runs: tracking, tokens: access, analysis: { sliceExecutions: createSlicer().slice, sourceHash }, spoolFolder: paths.spool, log });
  const pipelines = createPipelines({ db, events: recorder, log, lineage, blobs: artifacts.blobs, logs, scheduler, tracking, registry: registry, kernels: runtime, sessions, secrets, notifications, trainingRules: createTrainingRules({ db }), home: paths.home, environment: deps.config.environment });
  const backfills = createBackfills({ db, events, log, pipelines });
  const sweeps = createSweeps({ db, events, log, pipelines, tracking, kernels: runtime, folder: join(paths.work, 'sweeps') });
  const firing = createFiringLoop({ db, events, log, home: paths.home, look: createLooks({ db, python: deps.config.python ?? join(packageRoot(), '.venv/bin/python'), secretOf: secrets.valueOf }), pipelines });
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
  const upkeep = createUpkeep({ db, log, tracking, artifacts, isRegistered: protectVersions, isUnderWay: async (from, runIds) => [...(await runsUnderWay(from, runIds)), ...(await runsOfActiveSweeps(from, runIds))], blobsInUse: () => blobsInUse(db) });
  const upkeepTimer = createUpkeepTimer({
    db,
    log,
    async sweep() {
      await pipelines.sweepCheckpoints();
      return upkeep.sweep();
    }
  });
  const housekeeping = createHousekeeping({ chores: { events: events.trim, pipelines: pipelines.trim, triggers: firing.trim }, log, everyMs: deps.housekeepingMs });
  const system = createSystem({ db, version: version(), home: paths.home, isEmbedded: deps.config.databaseUrl === undefined, auth: deps.auth, sandboxState: runtime.sandboxState, slots: scheduler.capacity });

  const pipelineFiles = createPipelineFiles({ db, triggers, definitions: pipelines.definitions, schedules: pipelines.schedules, blobs: artifacts.blobs, checkKernel: pipelines.checkKernel, capacity: scheduler.capacity });
  const lab = createLabAddress();

  return { events, access, lineage, artifacts, tracking, webhooks, registry, promotions, runtime, secrets, notifications, scheduler, sessions, pipelines, pipelineFiles, backfills, sweeps, triggers, firing, makings, comparison, cards, graphs, openLineage, serving, latencyMeter, upkeep, upkeepTimer, housekeeping, system, lab };
}
