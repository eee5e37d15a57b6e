export type { Occasion } from './facts';
export { createGates, isRefused, refusal, type Gates } from './service';
export { gateRoutes } from './routes';
export { hasGates } from './store';
