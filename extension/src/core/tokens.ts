import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Token } from '@lumino/coreutils';
import type { CommandRegistry } from '@lumino/commands';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { SlipwayClient } from './client';
import type { Daemon } from './daemon';
import type { News } from './news';

/** The one connection to the daemon, and what every view of Slipway needs beside it. */
export interface ISlipway {
  readonly client: SlipwayClient;
  readonly news: News;
  readonly daemon: Daemon;
  readonly commands: CommandRegistry;
  readonly rendermime: IRenderMimeRegistry;
  readonly trans: TranslationBundle;
}

/** Provided by the core plugin; every other plugin of Slipway requires it. */
export const ISlipway = new Token<ISlipway>('@slipway/extension:ISlipway', 'Calls Slipway’s daemon through its contract and hears its news.');
