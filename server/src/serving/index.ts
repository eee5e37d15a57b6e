export { createLatencyMeter } from './latency';
export { servingRoutes } from './routes';
export { createServing, type Serving, type ServingLimits } from './service';
