import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { slipwayIcon } from '../core/icons';
import { ISlipway } from '../core/tokens';
import { SlipwayWidget } from '../core/widgets';
import { Outbox } from './outbox';
import { Sidebar } from './sidebar';
import { TrackingModel } from './tracking-model';

const SETTINGS = '@slipway/extension:plugin';
const OUTBOX_KEY = 'slipway:outbox';
const SHOWN_KEY = 'slipway:sidebar-shown';

/** Follows what runs in the open notebooks and shows it in a sidebar. Its settings are the extension's. */
export const trackingPlugin: JupyterFrontEndPlugin<void> = {
  id: SETTINGS,
  description: 'Records cell executions and trials, and shows them live.',
  autoStart: true,
  requires: [ISlipway, INotebookTracker],
  optional: [ISettingRegistry, ICommandPalette, ILayoutRestorer, IStateDB],
  activate: (app: JupyterFrontEnd, slipway: ISlipway, notebooks: INotebookTracker, settings: ISettingRegistry | null, palette: ICommandPalette | null, restorer: ILayoutRestorer | null, state: IStateDB | null) => {
    const outbox = new Outbox(slipway.client, { read: () => localStorage.getItem(OUTBOX_KEY), write: text => localStorage.setItem(OUTBOX_KEY, text) });
    slipway.daemon.returned.connect(() => void outbox.flush());
    const model = new TrackingModel(notebooks, slipway, outbox);
    const sidebar = new SlipwayWidget(slipway, () => React.createElement(Sidebar, { model }));
    sidebar.id = 'slipway-sidebar';
    sidebar.title.icon = slipwayIcon;
    sidebar.title.caption = slipway.trans.__('Slipway: trials and cell runs');
    sidebar.addClass('jp-SlipwaySidebarHost');
    sidebar.node.setAttribute('role', 'region');
    sidebar.node.setAttribute('aria-label', slipway.trans.__('Slipway'));
    restorer?.add(sidebar, sidebar.id);
    addCommand(app, slipway, sidebar, palette);
    void place(app, sidebar, model, settings).then(area => {
      if (area === 'right' && state) {
        introduce(app, sidebar, notebooks, state);
      }
    });
  }
};

function addCommand(app: JupyterFrontEnd, slipway: ISlipway, sidebar: SlipwayWidget, palette: ICommandPalette | null): void {
  app.commands.addCommand(CommandIds.openSidebar, {
    label: slipway.trans.__('Show Slipway’s Sidebar'),
    icon: slipwayIcon,
    execute: () => {
      app.shell.activateById(sidebar.id);
      const find = (selector: string): HTMLElement | null => sidebar.node.querySelector<HTMLElement>(selector);
      (find('[role="tab"][tabindex="0"]') ?? find('button'))?.focus();
    }
  });
  palette?.addItem({ command: CommandIds.openSidebar, category: 'Slipway' });
}

/** The user's settings say on which side the sidebar is and whether kernels are tracked at all. */
async function place(app: JupyterFrontEnd, sidebar: SlipwayWidget, model: TrackingModel, registry: ISettingRegistry | null): Promise<'left' | 'right'> {
  const settings = await registry?.load(SETTINGS).catch(() => null);
  let placed: 'left' | 'right' | null = null;
  const apply = (): void => {
    const area = settings?.composite.sidebarArea === 'left' ? 'left' : 'right';
    if (area !== placed) {
      placed = area;
      app.shell.add(sidebar, area, { rank: 600 });
    }
    model.setOn(settings?.composite.autotrack !== false);
  };
  settings?.changed.connect(apply);
  apply();
  return placed ?? 'right';
}

/** Opens the sidebar with the first notebook a user opens, once: whether it stays is theirs, and the layout's to remember. */
function introduce(app: JupyterFrontEnd, sidebar: SlipwayWidget, notebooks: INotebookTracker, state: IStateDB): void {
  const open = async (): Promise<void> => {
    await app.restored;
    if ((await state.fetch(SHOWN_KEY)) === undefined) {
      await state.save(SHOWN_KEY, true);
      app.shell.activateById(sidebar.id);
      notebooks.currentWidget?.activate(); // whoever opened a notebook goes on to type in it
    }
  };
  if (notebooks.currentWidget) {
    void open();
  }
  notebooks.widgetAdded.connect(() => void open());
}
