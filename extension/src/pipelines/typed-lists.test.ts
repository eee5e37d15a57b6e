import { readCounts, readList, readSecrets, writeCounts, writeSecrets } from './typed-lists';

test('names between commas', () => {
  expect(readList(' H100, A100 ,')).toEqual(['H100', 'A100']);
  expect(readList(' ')).toEqual([]);
});

test('counters are one each where no number is said, and are written as they are read', () => {
  const counts = { solver: 1, mesher: 2, v2: 1 };
  expect(readCounts('solver, mesher 2, v2')).toEqual(counts);
  expect(readCounts('mesher=2, solver : 1, v2')).toEqual(counts);
  expect(readCounts(writeCounts(counts))).toEqual(counts);
  expect([readCounts('solver 0'), readCounts('two words 2')]).toEqual([null, null]);
});

test('secrets by where they lie, one a line', () => {
  const secrets = { TOKEN: { secret: 'api' }, KEY: { environment: 'MY_KEY' }, CERT: { file: 'tls/a b.pem' } };
  expect(readSecrets(' TOKEN = secret:api\n\nKEY=environment: MY_KEY\nCERT = file:tls/a b.pem ')).toEqual(secrets);
  expect(readSecrets(writeSecrets(secrets))).toEqual(secrets);
  expect([readSecrets('TOKEN = hunter2'), readSecrets('secret:api')]).toEqual([null, null]);
});
