import { createHash } from 'node:crypto';
import { findConstants } from './constants';
import { normalizedCell } from './source/normalize';
import { parseCell } from './source/parsed-cell';

/** No literal can be it. */
const BLANK = 'PARAM';

/**
 * SHA-256 (hex) of the code of cells, in whatever order they ran, without the
 * literals of the named params: equal hashes mean that only params can differ.
 */
export function codeHash(sources: readonly string[], params: ReadonlySet<string>): string {
  const cells = sources.map((source, i) => ({ id: String(i), cell: parseCell(source) }));
  const readable = cells.filter(({ cell }) => cell.errorLine === null && cell.code === cell.source);
  const constants = findConstants(readable.map(({ id, cell }) => ({ id, tree: cell.tree }))).filter(c => params.has(c.name));
  const blanked = cells.map(({ id, cell }) => {
    let source = cell.source;
    for (const { from, to } of constants.filter(c => c.cellId === id).sort((a, b) => b.from - a.from)) {
      source = source.slice(0, from) + BLANK + source.slice(to);
    }
    return normalizedCell(parseCell(source));
  });
  return createHash('sha256').update(JSON.stringify([...new Set(blanked)].sort())).digest('hex');
}
