export { POLICIES, simulate, type ClusterShape, type PolicyName, type SimulationReport } from './simulate';
export { timeRounds, type RoundTimes } from './time-rounds';
export { CSV_COLUMNS, readTrace } from './trace';
