import type { Migration } from 'kysely';
import * as m0001_event from './0001_event';
import * as m0002_lineage from './0002_lineage';
import * as m0003_access from './0003_access';
import * as m0004_artifact from './0004_artifact';
import * as m0005_tracking from './0005_tracking';
import * as m0006_registry from './0006_registry';
import * as m0007_session from './0007_session';
import * as m0008_scheduler from './0008_scheduler';
import * as m0009_pipelines from './0009_pipelines';
import * as m0010_webhooks from './0010_webhooks';
import * as m0011_gates from './0011_gates';
import * as m0012_promotions from './0012_promotions';
import * as m0013_metric_chunks from './0013_metric_chunks';
import * as m0014_lineage from './0014_lineage';
import * as m0015_registry_gate from './0015_registry_gate';
import * as m0016_retention from './0016_retention';
import * as m0017_given_back from './0017_given_back';
import * as m0018_policy from './0018_policy';
import * as m0020_engines from './0020_engines';
import * as m0021_orchestrator from './0021_orchestrator';
import * as m0022_secrets from './0022_secrets';
import * as m0023_schedules from './0023_schedules';
import * as m0024_backfills_triggers from './0024_backfills_triggers';
import * as m0025_sweeps from './0025_sweeps';
import * as m0026_training from './0026_training';
import * as m0027_charges from './0027_charges';
import * as m0029_engine_turns from './0029_engine_turns';
import * as m0030_authors_and_seats from './0030_authors_and_seats';
import * as m0031_policy_settings from './0031_policy_settings';
import * as m0033_notification_ends from './0033_notification_ends';
import * as m0035_queue_pages from './0035_queue_pages';

/** Every migration, by hand and in order: bundlers and tests need no file system. */
export const migrations: Record<string, Migration> = {
  m0001_event,
  m0002_lineage,
  m0003_access,
  m0004_artifact,
  m0005_tracking,
  m0006_registry,
  m0007_session,
  m0008_scheduler,
  m0009_pipelines,
  m0010_webhooks,
  m0011_gates,
  m0012_promotions,
  m0013_metric_chunks,
  m0014_lineage,
  m0015_registry_gate,
  m0016_retention,
  m0017_given_back,
  m0018_policy,
  m0020_engines,
  m0021_orchestrator,
  m0022_secrets,
  m0023_schedules,
  m0024_backfills_triggers,
  m0025_sweeps,
  m0026_training,
  m0027_charges,
  m0029_engine_turns,
  m0030_authors_and_seats,
  m0031_policy_settings,
  m0033_notification_ends,
  m0035_queue_pages
};
