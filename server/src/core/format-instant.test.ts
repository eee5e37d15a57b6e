import { checkFormat, formatInstant } from './format-instant';

const AT = new Date('2026-03-29T22:05:09.042Z');

test('an instant is written by the clock of its zone', () => {
  expect(formatInstant(AT, 'yyyy-MM-dd', 'UTC')).toBe('2026-03-29');
  expect(formatInstant(AT, "yyyyMMdd'T'HHmmss.SSS", 'Europe/Berlin')).toBe('20260330T000509.042');
  expect(formatInstant(AT, undefined, 'Europe/Berlin')).toBe('2026-03-29T22:05:09.042Z');
});

test('letters that name nothing are refused with the format named', () => {
  expect(() => checkFormat('YYYY-MM-dd', 'bindings.0.format')).toThrow(expect.objectContaining({ code: 'invalid_format', errors: [{ path: 'bindings.0.format', message: 'no date format' }] }));
  expect(() => checkFormat("dd.MM.yyyy' um 'HH:mm", '')).not.toThrow();
});
