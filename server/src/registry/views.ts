import type { Db } from '../database';
import * as store from './store';
import type { ModelVersionRow, RegisteredModelRow } from './tables';

/** A model with what is known of it beside its row. */
export interface ModelView {
  row: RegisteredModelRow;
  tags: { key: string; value: string }[];
  aliases: { alias: string; version: number }[];
  latest: VersionView[];
}
export interface VersionView {
  row: ModelVersionRow;
  tags: { key: string; value: string }[];
  aliases: string[];
}

/** Fills models with tags, aliases and the newest version of each stage: a few queries, however many models. */
export async function viewModels(db: Db, rows: readonly RegisteredModelRow[]): Promise<ModelView[]> {
  const names = rows.map(r => r.name);
  const [tags, aliases, latest] = await Promise.all([store.modelTags(db, names), store.aliases(db, names), store.latestPerStage(db, names).then(found => viewVersions(db, found))]);
  return rows.map(row => ({
    row,
    tags: tags.filter(t => t.model_name === row.name).map(({ key, value }) => ({ key, value })),
    aliases: aliases.filter(a => a.model_name === row.name).map(({ alias, version }) => ({ alias, version })),
    latest: latest.filter(v => v.row.model_name === row.name)
  }));
}

/** Fills versions with their tags and aliases. */
export async function viewVersions(db: Db, rows: readonly ModelVersionRow[]): Promise<VersionView[]> {
  const names = [...new Set(rows.map(r => r.model_name))];
  const [tags, aliases] = await Promise.all([store.versionTags(db, names), store.aliases(db, names)]);
  const isOf = (row: ModelVersionRow) => (x: { model_name: string; version: number }) => x.model_name === row.model_name && x.version === row.version;
  return rows.map(row => ({ row, tags: tags.filter(isOf(row)).map(({ key, value }) => ({ key, value })), aliases: aliases.filter(isOf(row)).map(a => a.alias) }));
}
