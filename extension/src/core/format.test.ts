import { cellTitle, formatBytes, formatDuration, formatNumber, formatTime } from './format';

test('durations read as people say them', () => {
  expect([0.2, 41, 3_210, 42_000, 59_700, 119_700, 125_000, 7_260_000].map(formatDuration)).toEqual(['<1 ms', '41 ms', '3.2 s', '42 s', '1 min 0 s', '2 min 0 s', '2 min 5 s', '2 h 1 min']);
});

test('metrics keep the digits that tell them apart', () => {
  expect([200, 0.956140350877193, 1.5e-7, 12345678.9].map(formatNumber)).toEqual(['200', '0.95614', '1.500e-7', '1.235e+7']);
});

test('a cell is called by its first comment, else its first line', () => {
  expect(cellTitle('\n# Train the model\nfit()')).toBe('Train the model');
  expect(cellTitle('x = 1\ny = 2')).toBe('x = 1');
  expect(cellTitle('')).toBe('');
});

test('sizes read in the unit that fits', () => {
  expect([0, 999, 120_300, 4.2e9].map(formatBytes)).toEqual(['0 B', '999 B', '120 KB', '4.2 GB']);
});

test('a time says its date on other days, and its year in other years', () => {
  const at = (day: string): string => formatTime(`${day}T10:00:00`, new Date('2030-05-06T12:00:00'));
  expect(at('2030-05-06')).not.toContain('May');
  expect(at('2030-05-05')).toMatch(/^May 5, 10:00:00/);
  expect(at('2031-05-05')).toMatch(/^May 5, 2031, 10:00:00/);
});
