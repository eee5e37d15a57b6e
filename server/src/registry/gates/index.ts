export type { Occasion } from './facts';
export { createGates, isRefused, refusal, type Gates } from './service';
export { createLatencies } from './latency';
export { gateRoutes } from './routes';
export { hasGates } from './store';
