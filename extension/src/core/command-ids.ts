/** Commands are how one feature of Slipway opens another's pages. */
export const CommandIds = {
  productionize: 'slipway:productionize',
  openSidebar: 'slipway:open-sidebar',
  openPipelines: 'slipway:open-pipelines',
  openPipeline: 'slipway:open-pipeline',
  editPipeline: 'slipway:edit-pipeline',
  openRun: 'slipway:open-run',
  openExperiments: 'slipway:open-experiments',
  openTrackedRun: 'slipway:open-tracked-run',
  compareRuns: 'slipway:compare-runs',
  openSweeps: 'slipway:open-sweeps',
  openSweep: 'slipway:open-sweep',
  /** Takes `pipeline`, and may take `from`: a sweep whose search it begins with. */
  newSweep: 'slipway:new-sweep',
  /** Of the notebook in front, or of the one at `path`. */
  sweepNotebook: 'slipway:sweep-notebook',
  openJobs: 'slipway:open-jobs',
  openModels: 'slipway:open-models',
  openModel: 'slipway:open-model',
  openGates: 'slipway:open-gates',
  runOnCluster: 'slipway:run-on-cluster',
  runCellsOnCluster: 'slipway:run-cells-on-cluster',
  openPromotion: 'slipway:open-promotion',
  /** Takes `champion` and `candidate`, each `model:NAME@V` or `run:ID`, and `runs` (`id`, `name`) to choose among. */
  openComparison: 'slipway:open-comparison',
  /** Takes `uri`: `model:NAME@V`, `dataset:PATH@sha256:…`, `run:ID`. */
  openLineage: 'slipway:open-lineage',
  openStepNotebook: 'slipway:open-step-notebook',
  revealCell: 'slipway:reveal-cell'
} as const;
