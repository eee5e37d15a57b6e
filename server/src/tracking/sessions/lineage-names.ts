import { sql } from 'kysely';
import type { Db } from '../../database';
import { cellTitle, parseCellUri, type Description } from '../../lineage';

/** Cells that ran, by what they say; their ids tell nobody anything. */
export async function describeCells(db: Db, sourceHash: (source: string) => string, uris: readonly string[]): Promise<Map<string, Description>> {
  const cells = uris.flatMap(uri => {
    const cell = parseCellUri(uri);
    return cell ? [{ uri, ...cell }] : [];
  });
  if (cells.length === 0) {
    return new Map();
  }
  const { rows } = await sql<{ notebook_key: string; cell_id: string; source: string }>`
    select distinct s.notebook_key, e.cell_id, e.source
    from unnest(${cells.map(c => c.notebookKey)}::text[], ${cells.map(c => c.cellId)}::text[]) as asked (notebook_key, cell_id)
    join cell_execution e on e.cell_id = asked.cell_id
    join session s on s.id = e.session_id and s.notebook_key = asked.notebook_key`.execute(db);
  const sources = new Map(rows.map(row => [`${row.notebook_key}#${row.cell_id}@${sourceHash(row.source)}`, row.source]));
  return new Map(
    cells.flatMap(({ uri, notebookKey }): [string, Description][] => {
      const source = sources.get(uri.slice('cell:'.length));
      return source === undefined ? [] : [[uri, { label: cellTitle(source), detail: notebookKey }]];
    })
  );
}
