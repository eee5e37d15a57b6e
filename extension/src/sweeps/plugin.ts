import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { sweepsIcon } from '../core/icons';
import { registerPages, titleOf } from '../core/pages';
import { ISlipway } from '../core/tokens';
import { productionizeModel } from '../pipelines/productionize-command';
import { whenReady } from '../pipelines/when-ready';
import { choicesLoader, sweepLoader, sweepsLoader } from './loaders';
import { NotebookSweepView } from './notebook-sweep-view';
import { SweepForm } from './sweep-form';
import { SweepPage } from './sweep-page';
import { SweepsPage } from './sweeps-page';

/** Sweeps: the list, one as it goes, and the form of a new one. */
export const sweepsPlugin: JupyterFrontEndPlugin<void> = {
  id: '@slipway/extension:sweeps',
  description: 'Searches over the parameters of pipelines, and shows what was found.',
  autoStart: true,
  requires: [ISlipway, INotebookTracker, IDocumentManager],
  optional: [ICommandPalette, ILauncher, ILayoutRestorer],
  activate: (app: JupyterFrontEnd, slipway: ISlipway, notebooks: INotebookTracker, documents: IDocumentManager, palette: ICommandPalette | null, launcher: ILauncher | null, restorer: ILayoutRestorer | null) => {
    const { trans, commands } = slipway;
    const shared = { app, slipway, restorer, icon: sweepsIcon };
    registerPages({
      ...shared,
      command: CommandIds.openSweeps,
      label: trans.__('Sweeps'),
      open: () => {
        const model = sweepsLoader(slipway);
        return { key: 'all', label: trans.__('Sweeps'), draw: () => React.createElement(SweepsPage, { loader: model }), model };
      }
    });
    registerPages({
      ...shared,
      command: CommandIds.openSweep,
      label: trans.__('Open a Sweep'),
      open: ({ sweepId }) => {
        if (typeof sweepId !== 'string') {
          return null;
        }
        const model = sweepLoader(slipway, sweepId);
        const onDeleted = (): void => void commands.execute(CommandIds.openSweeps).then(() => closePage(app, CommandIds.openSweep, sweepId));
        return { key: sweepId, label: trans.__('Sweep'), title: titleOf(model, ({ sweep }) => sweep.name), draw: () => React.createElement(SweepPage, { loader: model, onDeleted }), model };
      }
    });
    registerPages({
      ...shared,
      command: CommandIds.newSweep,
      label: trans.__('New Sweep'),
      open: ({ pipeline, from }) => {
        if (typeof pipeline !== 'string') {
          return null;
        }
        const model = choicesLoader(slipway, pipeline, typeof from === 'string' ? from : null);
        const key = `${pipeline}-${String(from ?? '')}`;
        const onStarted = (sweepId: string): void => void commands.execute(CommandIds.openSweep, { sweepId }).then(() => closePage(app, CommandIds.newSweep, key));
        return { key, label: trans.__('New sweep of %1', pipeline), draw: () => React.createElement(SweepForm, { loader: model, pipeline, onStarted }), model };
      }
    });
    registerPages({
      ...shared,
      command: CommandIds.sweepNotebook,
      label: trans.__('Search Better Values…'),
      open: args => {
        const panel = typeof args.path === 'string' ? (documents.openOrReveal(args.path, 'Notebook') as NotebookPanel | undefined) : notebooks.currentWidget;
        if (!panel) {
          return null;
        }
        const key = (args.path = panel.context.path);
        const onStarted = (sweepId: string): void => void commands.execute(CommandIds.openSweep, { sweepId }).then(() => closePage(app, CommandIds.sweepNotebook, key));
        return { key, label: trans.__('Better values for %1', PathExt.basename(key)), ...whenReady(panel, () => productionizeModel(slipway, panel), model => React.createElement(NotebookSweepView, { model, onStarted })) };
      }
    });
    palette?.addItem({ command: CommandIds.openSweeps, category: 'Slipway' });
    palette?.addItem({ command: CommandIds.sweepNotebook, category: 'Slipway' });
    launcher?.add({ command: CommandIds.openSweeps, category: 'Slipway', rank: 3 });
  }
};

/** Closes the page that a command opened under a key. */
function closePage(app: JupyterFrontEnd, command: string, key: string): void {
  const id = `${command.replace(':', '-')}-${key}`;
  [...app.shell.widgets('main')].find(widget => widget.id === id)?.close();
}
