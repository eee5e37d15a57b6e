import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Notebook } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { pipelineIcon } from '../core/icons';
import { registerPages } from '../core/pages';
import { absolutePath } from '../core/paths';
import type { ISlipway } from '../core/tokens';
import { ProductionizeModel } from './productionize-model';
import { ProductionizeView } from './productionize-view';
import { whenReady } from './when-ready';

interface Deps {
  app: JupyterFrontEnd;
  slipway: ISlipway;
  notebooks: INotebookTracker;
  documents: IDocumentManager;
  restorer: ILayoutRestorer | null;
}

/** The command behind the button: opens the current notebook's way to a pipeline. */
export function registerProductionize({ app, slipway, notebooks, documents, restorer }: Deps): void {
  registerPages({
    app,
    slipway,
    restorer,
    command: CommandIds.productionize,
    label: slipway.trans.__('Productionize'),
    icon: pipelineIcon,
    open: args => {
      const panel = typeof args.path === 'string' ? (documents.openOrReveal(args.path, 'Notebook') as NotebookPanel | undefined) : notebooks.currentWidget;
      if (!panel) {
        return null;
      }
      args.path = panel.context.path;
      const key = panel.context.path;
      return { key, label: slipway.trans.__('Productionize %1', PathExt.basename(key)), ...whenReady(panel, () => productionizeModel(slipway, panel), model => React.createElement(ProductionizeView, { model })) };
    }
  });
}

/** The way of an open notebook to a pipeline, which takes the notebook's name. */
export function productionizeModel(slipway: ISlipway, panel: NotebookPanel): ProductionizeModel {
  const { context } = panel;
  const model = new ProductionizeModel({ slipway, notebookPath: absolutePath(context.path), notebook: () => context.model.toJSON() as unknown as Notebook });
  model.name = PathExt.basename(context.path, '.ipynb')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return model;
}
