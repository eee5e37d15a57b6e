import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { sweepsIcon } from '../core/icons';
import { registerPages, titleOf } from '../core/pages';
import { ISlipway } from '../core/tokens';
import { choicesLoader, sweepLoader, sweepsLoader } from './loaders';
import { SweepForm } from './sweep-form';
import { SweepPage } from './sweep-page';
import { SweepsPage } from './sweeps-page';

/** Sweeps: the list, one as it goes, and the form of a new one. */
export const sweepsPlugin: JupyterFrontEndPlugin<void> = {
  id: '@slipway/extension:sweeps',
  description: 'Searches over the parameters of pipelines, and shows what was found.',
  autoStart: true,
  requires: [ISlipway],
  optional: [ICommandPalette, ILauncher, ILayoutRestorer],
  activate: (app: JupyterFrontEnd, slipway: ISlipway, palette: ICommandPalette | null, launcher: ILauncher | null, restorer: ILayoutRestorer | null) => {
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
    palette?.addItem({ command: CommandIds.openSweeps, category: 'Slipway' });
    launcher?.add({ command: CommandIds.openSweeps, category: 'Slipway', rank: 3 });
  }
};

/** Closes the page that a command opened under a key. */
function closePage(app: JupyterFrontEnd, command: string, key: string): void {
  const id = `${command.replace(':', '-')}-${key}`;
  [...app.shell.widgets('main')].find(widget => widget.id === id)?.close();
}
