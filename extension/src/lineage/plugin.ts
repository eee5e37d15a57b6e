import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { lineageIcon } from '../core/icons';
import { registerPages } from '../core/pages';
import { ISlipway } from '../core/tokens';
import { LineageModel } from './lineage-model';
import { LineagePage } from './lineage-page';

/** What anything came from and led to: cells, data, runs, pipelines, models. */
export const lineagePlugin: JupyterFrontEndPlugin<void> = {
  id: '@slipway/extension:lineage',
  description: 'Draws what anything came from and led to.',
  autoStart: true,
  requires: [ISlipway],
  optional: [ICommandPalette, ILayoutRestorer],
  activate: (app: JupyterFrontEnd, slipway: ISlipway, palette: ICommandPalette | null, restorer: ILayoutRestorer | null) => {
    const { trans } = slipway;
    registerPages({
      app,
      slipway,
      restorer,
      icon: lineageIcon,
      command: CommandIds.openLineage,
      label: trans.__('Lineage'),
      open: ({ uri }) => {
        const start = typeof uri === 'string' ? uri : null;
        const model = new LineageModel(slipway, start);
        return { key: start ?? 'start', label: trans.__('Lineage'), draw: () => React.createElement(LineagePage, { model }), model };
      }
    });
    palette?.addItem({ command: CommandIds.openLineage, category: 'Slipway' });
  }
};
