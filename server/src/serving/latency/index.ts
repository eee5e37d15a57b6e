export { createLatencyMeter } from './meter';
