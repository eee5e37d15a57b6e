import fc from 'fast-check';
import { parsePythonJson } from '../../core/python-json';
import { int8, written } from './wire';

const big = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

test('64-bit integers go out as plain digits, whatever the texts beside them', () => {
  fc.assert(
    fc.property(big, fc.string(), (n, s) => {
      expect(written({ n: int8(n), s })).toBe(`{"n":${n},"s":${JSON.stringify(s)}}`);
    })
  );
});

test('integers of any length come in with all digits; texts and other numbers as they are', () => {
  fc.assert(
    fc.property(big, fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), (n, s, d) => {
      const parsed = parsePythonJson(`{"n":${n},"s":${JSON.stringify(s)},"d":${JSON.stringify(d)},"list":[${n}, ${n}]}`) as { n: unknown; s: unknown; d: unknown; list: unknown[] };
      expect([String(parsed.n), parsed.s, Number(parsed.d), parsed.list.map(String)]).toEqual([String(n), s, Number(JSON.stringify(d)), [String(n), String(n)]]);
    })
  );
});

test('NaN and the infinities travel as text, written bare or quoted', () => {
  expect(written([NaN, Infinity, -Infinity])).toBe('["NaN","Infinity","-Infinity"]');
  expect(parsePythonJson('{"a":NaN,"b":-Infinity,"c":"a NaN","d":[Infinity]}')).toEqual({ a: 'NaN', b: '-Infinity', c: 'a NaN', d: ['Infinity'] });
});
