import { MLFLOW_EVENTS, REGISTRY_EVENTS } from './webhooks';

/** Every kind of event that the daemon tells of by itself; CloudEvents that are handed in have types of their own. */
export const EVENT_TYPES = [
  ...MLFLOW_EVENTS,
  ...REGISTRY_EVENTS,
  'cell.executed',
  'cluster.changed',
  'log.appended',
  'model.changed',
  'notification.failed',
  'pipeline.changed',
  'proof.changed',
  'run.changed',
  'session.changed',
  'step.changed',
  'sweep.changed',
  'training.finding',
  'trial.changed'
] as const;
export type EventType = (typeof EVENT_TYPES)[number];
