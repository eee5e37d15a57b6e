import type { AccessTables } from '../access/tables';
import type { ArtifactTables } from '../artifacts/tables';
import type { BackfillTables } from '../backfills/tables';
import type { EventTables } from '../events/tables';
import type { LineageTables } from '../lineage/tables';
import type { NotificationTables } from '../notifications/tables';
import type { OpenLineageTables } from '../openlineage/tables';
import type { PipelineTables } from '../pipelines/tables';
import type { SchedulerTables } from '../scheduler/tables';
import type { SecretTables } from '../secrets/tables';
import type { SameInputsTables } from '../tracking/same-inputs/tables';
import type { SessionTables } from '../tracking/sessions/tables';
import type { SweepTables } from '../sweeps/tables';
import type { RegistryTables } from '../registry/tables';
import type { TrackingTables } from '../tracking/tables';
import type { TrainingRuleTables } from '../training-rules/tables';
import type { TriggerTables } from '../triggers/tables';
import type { UpkeepTables } from '../upkeep/tables';
import type { WebhookTables } from '../webhooks/tables';

/** Every table of the product: one line a feature, types only. */
export interface Tables extends RegistryTables, TrackingTables, AccessTables, ArtifactTables, BackfillTables, EventTables, LineageTables, NotificationTables, SameInputsTables, OpenLineageTables, SecretTables, SchedulerTables, PipelineTables, SessionTables, TrainingRuleTables, SweepTables, TriggerTables, UpkeepTables, WebhookTables {}
