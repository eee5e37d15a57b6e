import type { ImportedModel } from '@slipway/schema';
import { Conflict } from '../core/errors';
import type { Tx } from '../database';
import type { Lineage } from '../lineage';
import type { Tracking } from '../tracking';
import { hasGates } from './gates';
import { recordChange } from './history';
import { linkVersion } from './lineage-links';
import { CHAMPION, PROMPT_TAG, checkAlias, checkModelName, toStage, toVersion } from './names';
import { storageFolder } from './source';
import * as store from './store';

/** Takes in a model of another registry: versions keep their numbers; what is here already stays as it is. */
export async function importModel(tx: Tx, { tracking, lineage }: { tracking: Tracking; lineage: Lineage }, model: ImportedModel): Promise<{ versionCount: number; newVersionCount: number }> {
  checkModelName(model.name);
  await store.insertModel(tx, model.name, model.description, Date.now());
  await store.lockModel(tx, model.name);
  for (const [key, value] of Object.entries(model.tags)) {
    await store.setModelTag(tx, model.name, key, value);
  }
  let newVersionCount = 0;
  for (const v of [...model.versions].sort((a, b) => Number(a.version) - Number(b.version))) {
    if (await store.findVersion(tx, model.name, toVersion(v.version))) {
      continue;
    }
    newVersionCount++;
    if (toStage(v.stage) === 'Production') {
      await checkGates(tx, model.name, 'stage Production');
    }
    const row = await store.insertVersion(tx, {
      model_name: model.name,
      version: toVersion(v.version),
      description: v.description,
      user_id: v.userId,
      source: v.source,
      storage_folder: model.tags[PROMPT_TAG] === 'true' ? null : await storageFolder(tx, tracking, v.source, { runId: v.runId, modelId: v.modelId }),
      run_id: v.runId,
      run_link: null,
      model_id: v.modelId,
      current_stage: toStage(v.stage),
      creation_time: String(v.createdAt),
      last_update_time: String(v.createdAt)
    });
    await linkVersion(tx, lineage, row);
    await recordChange(tx, row, { kind: 'registered', by: v.userId, to: v.source });
    for (const [key, value] of Object.entries(v.tags)) {
      await store.setVersionTag(tx, model.name, row.version, key, value);
    }
  }
  for (const [alias, version] of Object.entries(model.aliases)) {
    checkAlias(alias);
    if (alias === CHAMPION && !(await isChampion(tx, model.name, toVersion(version)))) {
      await checkGates(tx, model.name, `@${CHAMPION}`);
    }
    await store.setAlias(tx, model.name, alias, toVersion(version));
  }
  return { versionCount: model.versions.length, newVersionCount };
}

/** An import is no way round the gates of a model that is here. @throws {Conflict} `gates_declared` */
async function checkGates(tx: Tx, name: string, chosen: string): Promise<void> {
  if (await hasGates(tx, name)) {
    throw new Conflict('gates_declared', `The model ${name} declares gates here, so an import cannot choose its ${chosen}. Leave that out and set it afterwards.`);
  }
}

async function isChampion(tx: Tx, name: string, version: number): Promise<boolean> {
  return (await store.aliases(tx, [name])).some(a => a.alias === CHAMPION && a.version === version);
}
