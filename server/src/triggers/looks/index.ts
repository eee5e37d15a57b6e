import type { SecretReference, TriggerSource } from '@slipway/schema';
import type { Db } from '../../database';
import { lookAtBranch } from './branch';
import { lookAtDataset } from './dataset';
import { lookAtFiles } from './files';
import type { Look, Polled } from './look';
import { lookAtObjects } from './objects';
import { lookAtRows } from './rows';

export type { Look, Polled } from './look';

/** How often each kind is looked at, where its user does not say. */
const EVERY_MS = { files: 1_000, git: 5_000, dataset: 2_000 } as const;

export function isPolled(source: TriggerSource): source is Polled {
  return source.kind === 'objects' || source.kind === 'query' || source.kind in EVERY_MS;
}

export const everyMs = (source: Polled): number => ('everyMs' in source ? source.everyMs : EVERY_MS[source.kind]);

/** Looks at a source once, against what the look before gave. The first look only learns how things are. @throws where it cannot be looked at */
export function createLooks(deps: { db: Db; python: string; secretOf(reference: SecretReference): Promise<string> }) {
  return async (source: Polled, before: unknown): Promise<Look> => {
    switch (source.kind) {
      case 'files':
        return lookAtFiles(source, before);
      case 'objects':
        return lookAtObjects(source, before);
      case 'git':
        return lookAtBranch(source, before);
      case 'dataset':
        return lookAtDataset(deps.db, source, before);
      case 'query':
        return lookAtRows(deps, source, before);
    }
  };
}
