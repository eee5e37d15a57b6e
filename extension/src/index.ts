import { corePlugin } from './core/plugin';
import { pipelinesPlugin } from './pipelines/plugin';
import { registryPlugin } from './registry/plugin';
import { trackingPlugin } from './tracking/plugin';

export default [corePlugin, trackingPlugin, pipelinesPlugin, registryPlugin];
