import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import type { Notebook, PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { jobsIcon } from '../core/icons';
import { registerPages } from '../core/pages';
import { absolutePath } from '../core/paths';
import { stateWord } from '../core/states';
import { ISlipway } from '../core/tokens';
import { whenReady } from '../pipelines/when-ready';
import { chosenCells } from './chosen-cells';
import { ClusterRunModel } from './cluster-run-model';
import { ClusterRunView } from './cluster-run-view';

/** Runs the notebook, or the selected cells with what they rest on, as a job of the scheduler. */
export const clusterRunPlugin: JupyterFrontEndPlugin<void> = {
  id: '@slipway/extension:cluster-run',
  description: 'Runs notebooks and selected cells away from their kernel.',
  autoStart: true,
  requires: [ISlipway, INotebookTracker, IDocumentManager],
  optional: [ICommandPalette, ILayoutRestorer],
  activate: (app: JupyterFrontEnd, slipway: ISlipway, notebooks: INotebookTracker, documents: IDocumentManager, palette: ICommandPalette | null, restorer: ILayoutRestorer | null) => {
    const { trans } = slipway;
    registerPages({
      ...{ app, slipway, restorer, icon: jobsIcon, command: CommandIds.runOnCluster, label: trans.__('Run This Notebook on the Cluster…') },
      open: args => {
        const panel = typeof args.path === 'string' ? (documents.openOrReveal(args.path, 'Notebook') as NotebookPanel | undefined) : notebooks.currentWidget;
        if (!panel) {
          return null;
        }
        args.path = panel.context.path;
        const cells = Array.isArray(args.cells) && args.cells.length > 0 ? args.cells.map(String) : null;
        const name = PathExt.basename(panel.context.path);
        return {
          key: [panel.context.path, ...(cells ?? [])].join(' '),
          label: cells ? trans._n('%1 cell of %2', '%1 cells of %2', cells.length, name) : trans.__('%1 on the cluster', name),
          ...whenReady(panel, () => createModel(slipway, panel, cells), model => React.createElement(ClusterRunView, { model }))
        };
      }
    });
    app.commands.addCommand(CommandIds.runCellsOnCluster, {
      label: trans.__('Run Selected Cells on the Cluster…'),
      icon: jobsIcon,
      isEnabled: () => notebooks.currentWidget !== null,
      execute: () => {
        const panel = notebooks.currentWidget;
        const cells = panel ? chosenCells(notebookOf(panel), panel.content) : [];
        if (panel && cells.length === 0) {
          Notification.info(trans.__('Select code cells first: words alone do not run.'), { autoClose: 5_000 });
          return undefined;
        }
        return panel ? app.commands.execute(CommandIds.runOnCluster, { path: panel.context.path, cells }) : undefined;
      }
    });
    palette?.addItem({ command: CommandIds.runOnCluster, category: 'Slipway' });
    palette?.addItem({ command: CommandIds.runCellsOnCluster, category: 'Slipway' });
  }
};

function notebookOf(panel: NotebookPanel): Notebook {
  return panel.context.model.toJSON() as unknown as Notebook;
}

function createModel(slipway: ISlipway, panel: NotebookPanel, cells: string[] | null): ClusterRunModel {
  return new ClusterRunModel({ slipway, notebookPath: absolutePath(panel.context.path), cells, notebook: () => notebookOf(panel), onEnded: run => tell(slipway, run) });
}

/** The end of a run is said wherever the user is by then. */
function tell({ trans, commands }: ISlipway, run: PipelineRun): void {
  const actions = [{ label: trans.__('Open the run'), callback: () => void commands.execute(CommandIds.openRun, { runId: run.runId }) }];
  const words = trans.__('%1 on the cluster: %2', run.pipeline, stateWord(trans, run.status));
  run.status === 'failed' ? Notification.error(words, { actions, autoClose: false }) : Notification.success(words, { actions, autoClose: 8_000 });
}
