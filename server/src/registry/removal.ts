import type { Caller } from '../core/endpoint-router';
import { Forbidden } from '../core/errors';
import type { Tx } from '../database';
import { hasGates } from './gates';
import { CHAMPION } from './names';
import * as store from './store';

/**
 * What would take a model's gates away, or the champion they compare with, is
 * for those who may declare gates: whoever could remove them need not pass them.
 *
 * @throws {Forbidden} `gates_declared`
 */
export async function checkRemoval(tx: Tx, name: string, caller: Caller, what: string): Promise<void> {
  if (!caller.permissions.has('registry:approve') && (await hasGates(tx, name))) {
    throw new Forbidden('gates_declared', `The model ${name} declares gates: ${what} needs the permission registry:approve.`);
  }
}

/** The same, where the version is champion. @throws {Forbidden} `gates_declared` */
export async function checkRemovalOfVersion(tx: Tx, name: string, version: number, caller: Caller): Promise<void> {
  if ((await store.aliases(tx, [name])).some(a => a.alias === CHAMPION && a.version === version)) {
    await checkRemoval(tx, name, caller, `deleting its @${CHAMPION}`);
  }
}
