/** Commands are how one feature of Slipway opens another's pages. */
export const CommandIds = {
  productionize: 'slipway:productionize',
  openSidebar: 'slipway:open-sidebar',
  openPipelines: 'slipway:open-pipelines',
  openPipeline: 'slipway:open-pipeline',
  openRun: 'slipway:open-run',
  openModels: 'slipway:open-models',
  openModel: 'slipway:open-model',
  openStepNotebook: 'slipway:open-step-notebook',
  revealCell: 'slipway:reveal-cell'
} as const;
