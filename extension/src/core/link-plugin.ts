import { IRouter, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { CommandIds } from './command-ids';
import { readLink } from './link';

const FOLLOW = 'slipway:follow-link';

/** Opens what `/lab?slipway-open=run:…` names: the daemon's own pages lead here. */
export const linkPlugin: JupyterFrontEndPlugin<void> = {
  id: '@slipway/extension:links',
  description: 'Opens the page of Slipway that an address names.',
  autoStart: true,
  requires: [IRouter],
  activate: (app: JupyterFrontEnd, router: IRouter) => {
    app.commands.addCommand(FOLLOW, {
      execute: async () => {
        const { pathname, search, hash } = window.location;
        const { opens, rest } = readLink(search);
        if (opens !== null) {
          // Loaded again, the page stays as the user left it.
          window.history.replaceState(null, '', `${pathname}${rest}${hash}`);
          await app.restored;
          await app.commands.execute(CommandIds[opens.command], opens.args);
        }
      }
    });
    router.register({ command: FOLLOW, pattern: /[?&]slipway-open=/ });
  }
};
