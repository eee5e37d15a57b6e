import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { modelsIcon } from '../core/icons';
import { registerPages } from '../core/pages';
import { ISlipway } from '../core/tokens';
import { modelsLoader, versionsLoader } from './loaders';
import { ModelPage } from './model-page';
import { ModelsPage } from './models-page';

/** The registered models: versions, aliases, lineage, predictions. */
export const registryPlugin: JupyterFrontEndPlugin<void> = {
  id: '@slipway/extension:registry',
  description: 'Shows the registered models and asks them for predictions.',
  autoStart: true,
  requires: [ISlipway],
  optional: [ICommandPalette, ILauncher, ILayoutRestorer],
  activate: (app: JupyterFrontEnd, slipway: ISlipway, palette: ICommandPalette | null, launcher: ILauncher | null, restorer: ILayoutRestorer | null) => {
    const { trans } = slipway;
    registerPages({
      app,
      slipway,
      restorer,
      icon: modelsIcon,
      command: CommandIds.openModels,
      label: trans.__('Models'),
      open: () => {
        const model = modelsLoader(slipway);
        return { key: 'all', label: trans.__('Models'), draw: () => React.createElement(ModelsPage, { loader: model }), model };
      }
    });
    registerPages({
      app,
      slipway,
      restorer,
      icon: modelsIcon,
      command: CommandIds.openModel,
      label: trans.__('Open a Model'),
      open: ({ name, version }) => {
        if (typeof name !== 'string') {
          return null;
        }
        const model = versionsLoader(slipway, name);
        const firstVersion = typeof version === 'string' ? version : null;
        return { key: name, label: name, draw: () => React.createElement(ModelPage, { loader: model, name, firstVersion }), model };
      }
    });
    palette?.addItem({ command: CommandIds.openModels, category: 'Slipway' });
    launcher?.add({ command: CommandIds.openModels, category: 'Slipway', rank: 2 });
  }
};
