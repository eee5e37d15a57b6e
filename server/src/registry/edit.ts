import type { EditModelVersion } from '@slipway/schema';
import type { Tx } from '../database';
import type { createRegistryNews } from './news';
import * as store from './store';
import type { ModelVersionRow } from './tables';

/** Writes what a person says of a version, and tells of it; what is not given stays. */
export async function editVersion(tx: Tx, news: ReturnType<typeof createRegistryNews>, row: ModelVersionRow, { description, tags = {} }: EditModelVersion): Promise<void> {
  const name = row.model_name;
  if (description !== undefined) {
    await store.updateVersion(tx, name, row.version, { description });
    await news.changed(tx, name);
  }
  for (const [key, value] of Object.entries(tags)) {
    await (value === null ? store.deleteVersionTag(tx, name, row.version, key) : store.setVersionTag(tx, name, row.version, key, value));
    await news.versionTag(tx, name, row.version, key, value);
  }
}
