import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { IStateDB } from '@jupyterlab/statedb';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { registerPages, titleOf } from '../core/pages';
import { ISlipway } from '../core/tokens';
import { ComparePage, NothingToCompare } from './compare-page';
import { ExperimentsModel, MOST_COMPARED } from './experiments-model';
import { ExperimentsPage } from './experiments-page';
import { experimentsIcon } from './icon';
import { comparedLoader, trackedRunLoader } from './loaders';
import { TableState } from './table-state';
import { TrackedRunPage } from './tracked-run-page';

/** The tables of runs, the pages of single ones, and runs side by side. */
export const experimentsPlugin: JupyterFrontEndPlugin<void> = {
  id: '@slipway/extension:experiments',
  description: 'Shows, finds and compares experiments’ runs.',
  autoStart: true,
  requires: [ISlipway],
  optional: [ICommandPalette, ILauncher, ILayoutRestorer, IStateDB],
  activate: (app: JupyterFrontEnd, slipway: ISlipway, palette: ICommandPalette | null, launcher: ILauncher | null, restorer: ILayoutRestorer | null, db: IStateDB | null) => {
    registerTable(app, slipway, restorer, new TableState(db));
    registerRuns(app, slipway, restorer);
    palette?.addItem({ command: CommandIds.openExperiments, category: 'Slipway' });
    launcher?.add({ command: CommandIds.openExperiments, category: 'Slipway', rank: 0 });
  }
};

/** One page for all experiments: opened for another, the same page shows that. */
function registerTable(app: JupyterFrontEnd, slipway: ISlipway, restorer: ILayoutRestorer | null, state: TableState): void {
  const { trans } = slipway;
  let current: ExperimentsModel | null = null;
  registerPages({
    app,
    slipway,
    restorer,
    icon: experimentsIcon,
    command: CommandIds.openExperiments,
    label: trans.__('Experiments'),
    open: ({ experimentId, filter }) => {
      const id = typeof experimentId === 'string' ? experimentId : null;
      const asked = typeof filter === 'string' ? filter : '';
      if (current && !current.isDisposed) {
        if (id !== null) {
          void current.open(id, asked);
        }
        return { key: 'all', label: trans.__('Experiments'), draw: () => React.createElement(React.Fragment) };
      }
      const model = new ExperimentsModel(slipway, state, id, asked);
      current = model;
      return { key: 'all', label: trans.__('Experiments'), draw: () => React.createElement(ExperimentsPage, { model }), model };
    }
  });
}

function registerRuns(app: JupyterFrontEnd, slipway: ISlipway, restorer: ILayoutRestorer | null): void {
  const { trans } = slipway;
  const shared = { app, slipway, restorer, icon: experimentsIcon };
  registerPages({
    ...shared,
    command: CommandIds.openTrackedRun,
    label: trans.__('Open a Run'),
    open: ({ runId, name }) => {
      if (typeof runId !== 'string') {
        return null;
      }
      const model = trackedRunLoader(slipway, runId);
      return { key: runId, label: typeof name === 'string' ? name : trans.__('Run'), draw: () => React.createElement(TrackedRunPage, { loader: model }), title: titleOf(model, run => run.name), model };
    }
  });
  registerPages({
    ...shared,
    command: CommandIds.compareRuns,
    label: trans.__('Compare Runs'),
    open: ({ runIds }) => {
      const ids = Array.isArray(runIds) ? runIds.filter((id): id is string => typeof id === 'string').slice(0, MOST_COMPARED) : [];
      if (ids.length < 2) {
        return { key: 'nothing', label: trans.__('Compare'), draw: () => React.createElement(NothingToCompare) };
      }
      const model = comparedLoader(slipway, ids);
      return { key: ids.join('-'), label: trans.__('Compare %1', ids.length), draw: () => React.createElement(ComparePage, { loader: model }), model };
    }
  });
}
