export { createFiringLoop } from './firing-loop';
export { createLooks } from './looks';
export { hookRoutes, triggerRoutes } from './routes';
export { createTriggers, type Triggers } from './service';
