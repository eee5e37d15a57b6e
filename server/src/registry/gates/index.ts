export { createGates, isRefused, refusal, type Gates, type Occasion } from './service';
export { gateRoutes } from './routes';
export { hasGates } from './store';
