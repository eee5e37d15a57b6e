import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { jobsIcon } from '../core/icons';
import { registerPages } from '../core/pages';
import { ISlipway } from '../core/tokens';
import { JobsPage } from './jobs-page';
import { jobsLoader } from './loaders';

/** The Jobs page: nodes and GPUs, the queue, quotas and shares. */
export const jobsPlugin: JupyterFrontEndPlugin<void> = {
  id: '@slipway/extension:jobs',
  description: 'Shows what runs where, what waits and why, and who may hold how much.',
  autoStart: true,
  requires: [ISlipway],
  optional: [ICommandPalette, ILauncher, ILayoutRestorer],
  activate: (app: JupyterFrontEnd, slipway: ISlipway, palette: ICommandPalette | null, launcher: ILauncher | null, restorer: ILayoutRestorer | null) => {
    const { trans } = slipway;
    registerPages({
      ...{ app, slipway, restorer, icon: jobsIcon, command: CommandIds.openJobs, label: trans.__('Jobs') },
      open: () => {
        const model = jobsLoader(slipway);
        return { key: 'all', label: trans.__('Jobs'), draw: () => React.createElement(JobsPage, { loader: model }), model };
      }
    });
    palette?.addItem({ command: CommandIds.openJobs, category: 'Slipway' });
    launcher?.add({ command: CommandIds.openJobs, category: 'Slipway', rank: 4 });
  }
};
