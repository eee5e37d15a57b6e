import { readCron } from './cron';

test('a cron is said in words, with its next times in its own zone', () => {
  const reading = readCron('0 6 * * 1-5', 'Asia/Tokyo');
  expect(reading.words).toBe('At 06:00, Monday through Friday');
  expect(reading.next).toHaveLength(3);
  expect(reading.next[0]!.getUTCHours()).toBe(21);
});

test('what is no schedule says why', () => {
  expect(readCron('soon', 'UTC').error).toMatch(/five fields/);
  expect(readCron('61 * * * *', 'UTC').error).toBeTruthy();
  expect(readCron('0 0 30 2 *', 'UTC').error).toMatch(/never fires/);
  expect(readCron('0 0 * * *', 'Mars/Olympus').error).toBeTruthy();
});
