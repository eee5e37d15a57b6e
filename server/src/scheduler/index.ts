export { cancelledOutcome, createLocalExecutor, failedOutcome, type Executor, type JobError, type JobOutcome, type JobSpec } from './executor';
export { createEngines, readEngines, type Engines } from './executors';
export { LeaseLost, type JobHandler } from './handler';
export { createJobLogs, type JobLogs } from './logs';
export { machineCapacity, type Capacity } from './machine';
export { isDatabaseAway, whenDatabaseIsBack } from './patience';
export { schedulerRoutes } from './routes';
export { createScheduler, type NewJob, type Scheduler } from './service';
export type { JobRow } from './tables';
