import fc from 'fast-check';
import { createMask } from './mask';

const secret = fc.string({ minLength: 6, maxLength: 24 }).filter(s => /^\S[^]*\S$/.test(s) && !'••••••'.includes(s));

test('a secret is in no text, however it is cut and whatever stands around it; base64 of it neither', () => {
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), fc.array(fc.nat(12)), (value, before, after, cuts) => {
      const text = `${before}${value}${after}|${Buffer.from(before + value + after).toString('base64')}|${Buffer.from(value).toString('base64')}`;
      const mask = createMask([value]);
      let told = '';
      const stream = mask.stream(piece => (told += piece));
      let rest = text;
      for (const cut of cuts) {
        stream.write(rest.slice(0, cut));
        rest = rest.slice(cut);
      }
      stream.write(rest);
      stream.end();
      expect(told.includes(value)).toBe(false);
      expect(told).not.toContain(Buffer.from(value).toString('base64').replaceAll('=', '').slice(0, -1));
    })
  );
});

test('what holds no secret passes as it is, at once', () => {
  const told: string[] = [];
  const stream = createMask(['s3cret-value']).stream(piece => told.push(piece));
  stream.write('accuracy 0.9\n');
  expect(told).toEqual(['accuracy 0.9\n']);
  stream.write('s3cr');
  expect(told).toHaveLength(1);
  stream.write('et-value!');
  stream.end();
  expect(told.join('')).toBe('accuracy 0.9\n••••••!');
  expect(createMask([]).text('s3cret-value')).toBe('s3cret-value');
});

test('each line of a key in many lines is masked, and every string of a value', () => {
  const mask = createMask(['-----BEGIN KEY-----\nabcdefghijkl\n-----END KEY-----']);
  expect(mask.deep({ a: ['x abcdefghijkl y'], 'abcdefghijkl': 1 })).toEqual({ a: ['x •••••• y'], '••••••': 1 });
});
