import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { createClient } from './client';
import { CommandIds } from './command-ids';
import { Daemon } from './daemon';
import { News } from './news';
import { revealCell } from './reveal-cell';
import { ISlipway } from './tokens';

/** Connects to the daemon, for every other plugin of Slipway. */
export const corePlugin: JupyterFrontEndPlugin<ISlipway> = {
  id: '@slipway/extension:core',
  description: 'The connection to Slipway’s daemon.',
  autoStart: true,
  requires: [INotebookTracker, IDocumentManager, IRenderMimeRegistry],
  optional: [ITranslator],
  provides: ISlipway,
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker, documents: IDocumentManager, rendermime: IRenderMimeRegistry, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('slipway');
    const client = createClient(app.serviceManager.serverSettings);
    const news = new News(client);
    const daemon = new Daemon(client, news);
    app.commands.addCommand(CommandIds.revealCell, {
      label: trans.__('Show the Cell in Its Notebook'),
      execute: ({ path, cellId }) => revealCell(notebooks, documents, (path as string | null) ?? null, (cellId as string | null) ?? null)
    });
    void app.restored.then(() => news.start());
    return { client, news, daemon, commands: app.commands, rendermime, trans };
  }
};
