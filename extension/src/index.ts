import { clusterRunPlugin } from './cluster-run/plugin';
import { linkPlugin } from './core/link-plugin';
import { corePlugin } from './core/plugin';
import { experimentsPlugin } from './experiments/plugin';
import { jobsPlugin } from './jobs/plugin';
import { lineagePlugin } from './lineage/plugin';
import { pipelineFilesPlugin } from './pipelines/pipeline-file-document';
import { pipelinesPlugin } from './pipelines/plugin';
import { registryPlugin } from './registry/plugin';
import { sweepsPlugin } from './sweeps/plugin';
import { trackingPlugin } from './tracking/plugin';

export default [corePlugin, linkPlugin, trackingPlugin, experimentsPlugin, pipelinesPlugin, pipelineFilesPlugin, clusterRunPlugin, registryPlugin, sweepsPlugin, jobsPlugin, lineagePlugin];
