import type { FileMetaData } from 'hyparquet';

/** What is shown of a file of columns. */
export interface ParquetPreview {
  columns: { name: string; type: string }[];
  rows: string[][];
  rowCount: number;
  columnCount: number;
}

const MOST_ROWS = 100;
const MOST_COLUMNS = 100;
/** Of the columns’ bytes that hold the first rows, as they lie in the file and as they are unpacked: a tab must live with them. */
const MOST_BYTES = 24 * 2 ** 20;
const MOST_UNPACKED_BYTES = 96 * 2 ** 20;
const MOST_FOOTER_BYTES = 16 * 2 ** 20;

/** Thrown where the file would take more than a browser’s tab should give; the message is the user’s. */
export class TooLargeToShow extends Error {
  override readonly name = 'TooLargeToShow';
}

/**
 * The first rows of a Parquet file: of a file of any size only the footer and
 * the columns of its first row group are fetched, by ranges.
 *
 * @throws {TooLargeToShow} where one column of it is beyond the limits
 */
export async function readParquet(url: string, sizeBytes: number): Promise<ParquetPreview> {
  // Fetched when the first such file is opened: few pages need it.
  const [{ asyncBufferFromUrl, cachedAsyncBuffer, parquetMetadataAsync, parquetReadObjects, parquetSchema }, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  const file = cachedAsyncBuffer(await asyncBufferFromUrl({ url, byteLength: sizeBytes }));
  const footer = await footerBytes(file, sizeBytes);
  if (footer > MOST_FOOTER_BYTES && footer < sizeBytes) {
    throw new TooLargeToShow('Its description alone is too large to show.');
  }
  const metadata = await parquetMetadataAsync(file);
  const all = parquetSchema(metadata).children.map(({ element }) => ({ name: element.name, type: (element.logical_type?.type ?? element.converted_type ?? element.type ?? 'nested').toLowerCase() }));
  const columns = columnsWithin(metadata, all);
  const rows = columns.length === 0 || metadata.num_rows === 0n ? [] : await parquetReadObjects({ file, metadata, compressors, columns: columns.map(column => column.name), rowStart: 0, rowEnd: Math.min(MOST_ROWS, Number(metadata.num_rows), firstGroupRows(metadata)) });
  return { columns, rows: rows.map(row => columns.map(({ name }) => textOf(row[name]))), rowCount: Number(metadata.num_rows), columnCount: all.length };
}

/** The last eight bytes are the footer’s length and the magic word. */
async function footerBytes(file: { slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer> }, sizeBytes: number): Promise<number> {
  return sizeBytes < 12 ? 0 : new DataView(await file.slice(sizeBytes - 8, sizeBytes)).getUint32(0, true);
}

function firstGroupRows(metadata: FileMetaData): number {
  return Number(metadata.row_groups[0]?.num_rows ?? 0n);
}

/** The first columns whose part of the first row group is within the limits together. */
export function columnsWithin<T extends { name: string }>(metadata: Pick<FileMetaData, 'row_groups'>, columns: readonly T[], limits = { bytes: MOST_BYTES, unpackedBytes: MOST_UNPACKED_BYTES }): T[] {
  const chunks = metadata.row_groups[0]?.columns ?? [];
  const within: T[] = [];
  let [bytes, unpackedBytes] = [0, 0];
  for (const column of columns.slice(0, MOST_COLUMNS)) {
    const own = chunks.flatMap(chunk => (chunk.meta_data?.path_in_schema[0] === column.name ? [chunk.meta_data] : []));
    bytes += own.reduce((sum, chunk) => sum + Number(chunk.total_compressed_size), 0);
    unpackedBytes += own.reduce((sum, chunk) => sum + Number(chunk.total_uncompressed_size), 0);
    if (bytes > limits.bytes || unpackedBytes > limits.unpackedBytes) {
      break;
    }
    within.push(column);
  }
  if (within.length === 0 && columns.length > 0) {
    throw new TooLargeToShow(`Its first rows lie in a block of ${Math.ceil(Math.max(bytes, unpackedBytes) / 2 ** 20)} MiB.`);
  }
  return within;
}

/** A value as a cell of a table. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  }
  if (value instanceof Uint8Array) {
    return `${value.length} bytes`;
  }
  return typeof value === 'object' ? JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner)).slice(0, 500) : String(value).slice(0, 2_000);
}
