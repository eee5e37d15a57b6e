import { readFile, stat } from 'node:fs/promises';

/** A notebook larger than this holds pictures: reading it for its order is not worth the time. */
const LIMIT_BYTES = 20 * 2 ** 20;
const REMEMBERED = 50;

export type CellOrders = ReturnType<typeof createCellOrders>;

/** Order of a notebook's cells, as its saved file has them. */
export function createCellOrders() {
  const known = new Map<string, { stamp: string; ids: string[] }>();

  async function read(path: string): Promise<string[]> {
    const { mtimeMs, size } = await stat(path);
    const stamp = `${mtimeMs} ${size}`;
    const seen = known.get(path);
    if (seen?.stamp === stamp) {
      return seen.ids;
    }
    const cells = size > LIMIT_BYTES ? [] : ((JSON.parse(await readFile(path, 'utf8')) as { cells?: { id?: unknown }[] }).cells ?? []);
    const ids = cells.map(cell => String(cell.id ?? ''));
    known.delete(path);
    known.set(path, { stamp, ids });
    if (known.size > REMEMBERED) {
      known.delete(known.keys().next().value!);
    }
    return ids;
  }

  return {
    /** undefined where the file cannot be read, or lacks one of these cells: what is on the screen is not saved yet. */
    async of(path: string | null, cellIds: readonly (string | null)[]): Promise<string[] | undefined> {
      if (!path?.endsWith('.ipynb')) {
        return undefined;
      }
      const ids = await read(path).catch(() => []);
      const there = new Set(ids);
      return cellIds.every(id => id === null || there.has(id)) ? ids : undefined;
    }
  };
}
