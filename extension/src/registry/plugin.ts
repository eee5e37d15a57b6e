import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { DisposableDelegate } from '@lumino/disposable';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { modelsIcon } from '../core/icons';
import { registerPages, titleOf, type PagesOptions } from '../core/pages';
import { ISlipway } from '../core/tokens';
import { ComparisonPage } from './comparison-page';
import { readRuns, readSide, sideUri } from './comparison-side';
import { GatesPage } from './gates-page';
import { gatesLoader, modelsLoader, promotionLoader, versionsLoader } from './loaders';
import { ModelPage } from './model-page';
import { ModelPlace } from './model-place';
import { ModelsPage } from './models-page';
import { PromotionPage } from './promotion-page';
import { promotionTitle } from './words';

type Shared = Pick<PagesOptions, 'app' | 'slipway' | 'restorer' | 'icon'>;

/** The registered models: versions, aliases, lineage, predictions. */
export const registryPlugin: JupyterFrontEndPlugin<void> = {
  id: '@slipway/extension:registry',
  description: 'Shows the registered models and asks them for predictions.',
  autoStart: true,
  requires: [ISlipway],
  optional: [ICommandPalette, ILauncher, ILayoutRestorer],
  activate: (app: JupyterFrontEnd, slipway: ISlipway, palette: ICommandPalette | null, launcher: ILauncher | null, restorer: ILayoutRestorer | null) => {
    const { trans } = slipway;
    const shared = { app, slipway, restorer, icon: modelsIcon };
    registerPages({
      ...shared,
      command: CommandIds.openModels,
      label: trans.__('Models'),
      open: () => {
        const model = modelsLoader(slipway);
        return { key: 'all', label: trans.__('Models'), draw: () => React.createElement(ModelsPage, { loader: model }), model };
      }
    });
    registerModels(shared);
    registerGates(shared);
    registerPromotions(shared);
    registerComparisons(shared);
    palette?.addItem({ command: CommandIds.openComparison, category: 'Slipway' });
    palette?.addItem({ command: CommandIds.openModels, category: 'Slipway' });
    launcher?.add({ command: CommandIds.openModels, category: 'Slipway', rank: 2 });
  }
};

/** One page a model: opened for another version, the same page shows that. */
function registerModels(shared: Shared): void {
  const { slipway } = shared;
  const { trans } = slipway;
  const open = new Map<string, ModelPlace>();
  registerPages({
    ...shared,
    command: CommandIds.openModel,
    label: trans.__('Open a Model'),
    open: ({ name, version, tab }) => {
      if (typeof name !== 'string') {
        return null;
      }
      const asked = { version: textOr(null, version), tab: textOr(null, tab) };
      const there = open.get(name);
      if (there && !there.isDisposed) {
        if (asked.version !== null) {
          there.go(asked);
        }
        return { key: name, label: name, draw: () => React.createElement(React.Fragment) };
      }
      const loader = versionsLoader(slipway, name);
      const place = new ModelPlace(asked);
      open.set(name, place);
      const model = new DisposableDelegate(() => [loader, place].forEach(each => each.dispose()));
      return { key: name, label: name, draw: () => React.createElement(ModelPage, { loader, name, place }), model };
    }
  });
}

function registerGates(shared: Shared): void {
  const { slipway } = shared;
  const { trans } = slipway;
  registerPages({
    ...shared,
    command: CommandIds.openGates,
    label: trans.__('Open a Model’s Gates'),
    open: ({ name }) => {
      if (typeof name !== 'string') {
        return null;
      }
      const model = gatesLoader(slipway, name);
      return { key: name, label: trans.__('Gates of %1', name), draw: () => React.createElement(GatesPage, { loader: model, name }), model };
    }
  });
}

function registerPromotions(shared: Shared): void {
  const { slipway } = shared;
  const { trans } = slipway;
  registerPages({
    ...shared,
    command: CommandIds.openPromotion,
    label: trans.__('Open a Promotion'),
    open: ({ promotionId, label }) => {
      if (typeof promotionId !== 'string') {
        return null;
      }
      const model = promotionLoader(slipway, promotionId);
      return { key: promotionId, label: textOr(trans.__('Promotion'), label), draw: () => React.createElement(PromotionPage, { loader: model }), title: titleOf(model, promotionTitle), model };
    }
  });
}

function registerComparisons(shared: Shared): void {
  const { trans } = shared.slipway;
  registerPages({
    ...shared,
    command: CommandIds.openComparison,
    label: trans.__('Compare Models or Runs'),
    open: ({ champion, candidate, runs }) => {
      const sides = { champion: readSide(champion), candidate: readSide(candidate) };
      const key = [sides.champion, sides.candidate].map(side => (side === null ? '' : sideUri(side))).join(' ');
      return { key, label: trans.__('Compare'), draw: () => React.createElement(ComparisonPage, { first: sides, runs: readRuns(runs) }) };
    }
  });
}

function textOr<T>(other: T, given: unknown): string | T {
  return typeof given === 'string' ? given : other;
}
