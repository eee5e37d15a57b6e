import { TooLargeToShow, columnsWithin, textOf } from './parquet';

const chunk = (name: string, compressed: number, unpacked = compressed) => ({ meta_data: { path_in_schema: [name], total_compressed_size: BigInt(compressed), total_uncompressed_size: BigInt(unpacked) } });
const file = (...columns: ReturnType<typeof chunk>[]) => ({ row_groups: [{ columns }] }) as unknown as Parameters<typeof columnsWithin>[0];
const columns = ['a', 'b', 'c'].map(name => ({ name }));
const within = (given: ReturnType<typeof file>): string[] => columnsWithin(given, columns, { bytes: 100, unpackedBytes: 1_000 }).map(column => column.name);

test('columns are shown as far as their first block is within the limits, packed and unpacked', () => {
  expect(within(file(chunk('a', 40), chunk('b', 50), chunk('c', 20)))).toEqual(['a', 'b']);
  expect(within(file(chunk('a', 1, 900), chunk('b', 1, 200)))).toEqual(['a']);
  expect(() => within(file(chunk('a', 40), chunk('a', 80)))).toThrow(TooLargeToShow); // one nested column, two leaves
  expect(() => within(file(chunk('a', 1, 5_000)))).toThrow(TooLargeToShow); // a file that unpacks to a thousandfold
  expect(within({ row_groups: [] })).toEqual(['a', 'b', 'c']);
});

test('values are cells', () => {
  expect([1n, null, new Date(0), new Date(NaN), new Uint8Array(3), { a: 2n }, [1, 'x'], 0.5].map(textOf)).toEqual(['1', '', '1970-01-01T00:00:00.000Z', '', '3 bytes', '{"a":2}', '[1,"x"]', '0.5']);
});
