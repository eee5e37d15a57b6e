export { createSessions, type Sessions, type SessionsDeps } from './service';
export { sessionRoutes } from './routes';
export type { AnalysisPort, ExecutionSlice, JoinedRun, RunsPort, SliceableExecution, TokensPort } from './ports';
