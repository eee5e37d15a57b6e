import type { EditModelVersion } from '@slipway/schema';
import type { Tx } from '../database';
import type { Changes } from './changes';
import type { ModelVersionRow } from './tables';

/** Writes what a person says of a version; what is not given stays. */
export async function editVersion(tx: Tx, changes: Changes, row: ModelVersionRow, { description, tags = {} }: EditModelVersion, by: string): Promise<void> {
  if (description !== undefined) {
    await changes.describe(tx, row, description, by);
  }
  for (const [key, value] of Object.entries(tags)) {
    await changes.tag(tx, row, key, value, by);
  }
}
