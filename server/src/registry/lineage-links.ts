import type { Db, Tx } from '../database';
import { loggedModelUri, modelUri, parseVersionUri, runUri, type Description, type Lineage } from '../lineage';
import * as store from './store';
import type { ModelVersionRow } from './tables';

/** Says what a new version came from: its run, the logged model it was, the version it was copied from. */
export async function linkVersion(tx: Tx, lineage: Lineage, row: ModelVersionRow): Promise<void> {
  const [, copied, version] = /^models:\/+([^/]+)\/(\d+)$/.exec(row.source) ?? [];
  const from = [
    ...(row.run_id ? [runUri(row.run_id)] : []),
    ...(row.model_id ? [loggedModelUri(row.model_id)] : []),
    ...(copied === undefined ? [] : [modelUri(copied, version!)])
  ];
  await lineage.link(tx, from.map(uri => ({ from: uri, to: modelUri(row.model_name, row.version) })));
}

/** Names of model versions among the URIs. */
export async function describeForLineage(db: Db, uris: readonly string[]): Promise<Map<string, Description>> {
  const asked = new Set(uris);
  const names = [...new Set(uris.flatMap(uri => parseVersionUri('model', uri)?.name ?? []))];
  const [rows, aliases] = names.length === 0 ? [[], []] : await Promise.all([db.selectFrom('model_version').select(['model_name', 'version']).where('model_name', 'in', names).execute(), store.aliases(db, names)]);
  return new Map(
    rows
      .map((row): [string, Description] => {
        const own = aliases.filter(a => a.model_name === row.model_name && a.version === row.version).map(a => `@${a.alias}`);
        return [modelUri(row.model_name, row.version), { label: `${row.model_name} v${row.version}`, detail: ['model', ...own].join(' · ') }];
      })
      .filter(([uri]) => asked.has(uri))
  );
}
