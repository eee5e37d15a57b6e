export { sweepRoutes } from './routes';
export { createSweeps, type Sweeps } from './service';
export { runsOfActiveSweeps } from './store';
