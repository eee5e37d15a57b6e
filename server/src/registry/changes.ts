import type { Tx } from '../database';
import { recordChange } from './history';
import type { createRegistryNews } from './news';
import * as store from './store';
import type { ModelVersionRow, Stage } from './tables';

export type Changes = ReturnType<typeof createChanges>;

/** Every change of a version: made, kept in its history, and told, in one transaction. */
export function createChanges(news: ReturnType<typeof createRegistryNews>) {
  return {
    async registered(tx: Tx, row: ModelVersionRow, tags: Record<string, string>): Promise<void> {
      await recordChange(tx, row, { kind: 'registered', by: row.user_id, to: row.source });
      await news.versionCreated(tx, row, tags);
    },
    /** null takes the tag away. */
    async tag(tx: Tx, row: ModelVersionRow, key: string, value: string | null, by: string): Promise<void> {
      const { model_name: name, version } = row;
      const before = (await store.versionTags(tx, [name])).find(t => t.version === version && t.key === key)?.value ?? null;
      await (value === null ? store.deleteVersionTag(tx, name, version, key) : store.setVersionTag(tx, name, version, key, value));
      if (before !== value) {
        await recordChange(tx, row, { kind: value === null ? 'tag_removed' : 'tag_set', by, name: key, from: before, to: value });
      }
      await news.versionTag(tx, name, version, key, value);
    },
    async describe(tx: Tx, row: ModelVersionRow, description: string, by: string): Promise<void> {
      await store.updateVersion(tx, row.model_name, row.version, { description });
      if (description !== row.description) {
        await recordChange(tx, row, { kind: 'described', by });
      }
      await news.changed(tx, row.model_name, { type: 'model_version.described', data: { name: row.model_name, version: String(row.version), description, by } });
    },
    /** Points the alias at the version; whoever had it loses it. */
    async alias(tx: Tx, row: ModelVersionRow, alias: string, by: string): Promise<void> {
      const { model_name: name, version } = row;
      const former = await store.aliasHolder(tx, name, alias);
      await store.setAlias(tx, name, alias, version);
      if (former !== version) {
        const move = { by, name: alias, from: former === null ? null : String(former), to: String(version) };
        await recordChange(tx, row, { ...move, kind: 'alias_set' });
        if (former !== null) {
          await recordChange(tx, { model_name: name, version: former }, { ...move, kind: 'alias_removed' });
        }
      }
      await news.alias(tx, name, alias, version);
    },
    async removeAlias(tx: Tx, name: string, alias: string, by: string): Promise<void> {
      const former = await store.aliasHolder(tx, name, alias);
      await store.deleteAlias(tx, name, alias);
      if (former !== null) {
        await recordChange(tx, { model_name: name, version: former }, { kind: 'alias_removed', by, name: alias, from: String(former) });
      }
      await news.alias(tx, name, alias, null);
    },
    /** Moves the version to the stage; with `archiveOthers` what stood there is archived. */
    async stage(tx: Tx, row: ModelVersionRow, stage: Stage, options: { by: string; archiveOthers: boolean }): Promise<void> {
      const name = row.model_name;
      const others = options.archiveOthers ? (await store.versionsOf(tx, name)).filter(v => v.version !== row.version && v.current_stage === stage) : [];
      const moves = [...others.map(other => ({ moved: other, to: 'Archived' as const })), { moved: row, to: stage }];
      for (const { moved, to } of moves) {
        await store.updateVersion(tx, name, moved.version, { current_stage: to });
        if (moved.current_stage !== to) {
          await recordChange(tx, moved, { kind: 'stage', by: options.by, from: moved.current_stage, to });
        }
      }
      const told = moves.filter(({ moved, to }) => moved.current_stage !== to);
      await news.changed(tx, name, ...told.map(({ moved, to }) => ({ type: 'model_version_stage.changed' as const, data: { name, version: String(moved.version), from: moved.current_stage, to, by: options.by } })));
    }
  };
}
