import { storable } from './storable';

test('NUL goes, half a surrogate pair becomes the replacement character, in texts and keys alike', () => {
  expect(storable({ 'a\0': ['b\0c', { d: '\ud83d', e: 'x\udca9y', f: '\udca9\ud83d' }], n: 1.5, none: null })).toEqual({ a: ['bc', { d: '\ufffd', e: 'x\ufffdy', f: '\ufffd\ufffd' }], n: 1.5, none: null });
});

test('whole characters stay, and what has nothing to take away is the same object', () => {
  const value = { face: '\u{1f4a9}', path: 'C:\\u0000\\ud83d' };
  expect(storable(value)).toEqual(value);
  const plain = { text: 'plain', list: [1, undefined] };
  expect(storable(plain)).toBe(plain);
  expect(storable(undefined)).toBeUndefined();
});
