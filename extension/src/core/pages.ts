import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { LabIcon } from '@jupyterlab/ui-components';
import type * as React from 'react';
import type { Loader } from './loader';
import type { ISlipway } from './tokens';
import { SlipwayWidget } from './widgets';

export interface Page {
  /** Tells pages of one command apart; the same key is revealed, not opened twice. */
  key: string;
  label: string;
  draw: () => React.JSX.Element;
  /** A label that becomes known, or changes, while the page is open. */
  title?: LiveTitle;
  /** Goes with the page when it closes. */
  model?: IDisposable;
}

export interface LiveTitle {
  changed: ISignal<unknown, unknown>;
  /** null while it is not known. */
  read: () => string | null;
}

/** The label of a page by what it shows, once that is there. */
export function titleOf<T>(loader: Loader<T>, words: (value: T) => string): LiveTitle {
  return { changed: loader.changed, read: () => (loader.value === null ? null : words(loader.value)) };
}

export interface PagesOptions {
  app: JupyterFrontEnd;
  slipway: ISlipway;
  restorer: ILayoutRestorer | null;
  command: string;
  label: string;
  icon: LabIcon;
  /** What to show for the command's arguments; null when they name nothing. */
  open: (args: Record<string, unknown>) => Page | null;
}

/** Registers a command that opens pages in the main area and brings them back after a reload. */
export function registerPages({ app, slipway, restorer, command, label, icon, open }: PagesOptions): void {
  const tracker = new WidgetTracker<MainAreaWidget<SlipwayWidget>>({ namespace: command.replace(':', '-') });
  const args = new WeakMap<MainAreaWidget, Record<string, unknown>>();
  app.commands.addCommand(command, {
    label,
    icon,
    execute: given => {
      const page = open(given as Record<string, unknown>);
      if (!page) {
        return;
      }
      const id = `${command.replace(':', '-')}-${page.key}`;
      const found = tracker.find(widget => widget.id === id);
      const widget = found ?? createPage(slipway, page, id, icon);
      if (found) {
        page.model?.dispose(); // the open page has its own
      } else {
        args.set(widget, given as Record<string, unknown>);
        void tracker.add(widget);
        app.shell.add(widget, 'main');
      }
      app.shell.activateById(id);
    }
  });
  void restorer?.restore(tracker, { command, name: widget => widget.id, args: widget => (args.get(widget) ?? {}) as never });
}

function createPage(slipway: ISlipway, page: Page, id: string, icon: LabIcon): MainAreaWidget<SlipwayWidget> {
  const content = new SlipwayWidget(slipway, page.draw);
  content.addClass('jp-SlipwayPage');
  const widget = new MainAreaWidget({ content });
  widget.id = id;
  widget.title.label = page.label;
  widget.title.icon = icon;
  widget.title.closable = true;
  const { title } = page;
  title?.changed.connect(() => {
    widget.title.label = title.read() ?? page.label;
  });
  widget.disposed.connect(() => page.model?.dispose());
  return widget;
}
