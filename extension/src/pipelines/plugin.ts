import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatTime } from '../core/format';
import { pipelineIcon } from '../core/icons';
import { registerPages, titleOf } from '../core/pages';
import { ISlipway } from '../core/tokens';
import { pipelineLoader, pipelinesLoader, runLoader } from './loaders';
import { PipelineEditor } from './pipeline-editor';
import { PipelinePage } from './pipeline-page';
import { PipelinesPage } from './pipelines-page';
import { registerProductionize } from './productionize-command';
import { RunPage } from './run-page';
import { RunsDrive, stepNotebookPath } from './runs-drive';

/** Productionize, the pipelines' pages, and the executed notebooks of their steps. */
export const pipelinesPlugin: JupyterFrontEndPlugin<void> = {
  id: '@slipway/extension:pipelines',
  description: 'Turns notebooks into pipelines and shows their runs.',
  autoStart: true,
  requires: [ISlipway, INotebookTracker, IDocumentManager],
  optional: [ICommandPalette, ILauncher, ILayoutRestorer],
  activate: (app: JupyterFrontEnd, slipway: ISlipway, notebooks: INotebookTracker, documents: IDocumentManager, palette: ICommandPalette | null, launcher: ILauncher | null, restorer: ILayoutRestorer | null) => {
    registerProductionize({ app, slipway, notebooks, documents, restorer });
    registerPipelinePages(app, slipway, restorer);
    registerStepNotebooks(app, slipway, documents);
    palette?.addItem({ command: CommandIds.productionize, category: 'Slipway' });
    palette?.addItem({ command: CommandIds.openPipelines, category: 'Slipway' });
    launcher?.add({ command: CommandIds.openPipelines, category: 'Slipway', rank: 1 });
  }
};

function registerPipelinePages(app: JupyterFrontEnd, slipway: ISlipway, restorer: ILayoutRestorer | null): void {
  const { trans } = slipway;
  const shared = { app, slipway, restorer, icon: pipelineIcon };
  registerPages({
    ...shared,
    command: CommandIds.openPipelines,
    label: trans.__('Pipelines'),
    open: () => {
      const model = pipelinesLoader(slipway);
      return { key: 'all', label: trans.__('Pipelines'), draw: () => React.createElement(PipelinesPage, { loader: model }), model };
    }
  });
  registerPages({
    ...shared,
    command: CommandIds.openPipeline,
    label: trans.__('Open a Pipeline'),
    open: ({ name }) => {
      if (typeof name !== 'string') {
        return null;
      }
      const model = pipelineLoader(slipway, name);
      return { key: name, label: name, draw: () => React.createElement(PipelinePage, { loader: model, name }), model };
    }
  });
  registerPages({
    ...shared,
    command: CommandIds.editPipeline,
    label: trans.__('Edit a Pipeline'),
    open: ({ name }) => (typeof name === 'string' ? { key: name, label: trans.__('Edit %1', name), draw: () => React.createElement(PipelineEditor, { name }) } : null)
  });
  registerPages({
    ...shared,
    command: CommandIds.openRun,
    label: trans.__('Open a Pipeline Run'),
    open: ({ runId }) => {
      if (typeof runId !== 'string') {
        return null;
      }
      const model = runLoader(slipway, runId);
      return { key: runId, label: trans.__('Run'), draw: () => React.createElement(RunPage, { loader: model }), model, title: titleOf(model, ({ run }) => `${run.pipeline} · ${formatTime(run.createdAt)}`) };
    }
  });
}

function registerStepNotebooks(app: JupyterFrontEnd, slipway: ISlipway, documents: IDocumentManager): void {
  app.serviceManager.contents.addDrive(new RunsDrive(slipway.client, app.serviceManager.serverSettings));
  app.commands.addCommand(CommandIds.openStepNotebook, {
    label: slipway.trans.__('Open the Executed Notebook of a Step'),
    execute: ({ runId, step, item }) => {
      const noKernel = { shouldStart: false, canStart: false, autoStartDefault: false };
      documents.openOrReveal(stepNotebookPath(String(runId), String(step), typeof item === 'number' ? item : undefined), 'Notebook', undefined, undefined, noKernel);
    }
  });
}
