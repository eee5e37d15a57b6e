import { askedUri } from './asked-uri';

const SHA = 'AB'.repeat(32);

test.each([
  ['model:iris@3', 'model:iris@3'],
  ['  run:ab ', 'run:ab'],
  [SHA, `dataset:@sha256:${SHA.toLowerCase()}`],
  [`sha256:${SHA}`, `dataset:@sha256:${SHA.toLowerCase()}`],
  ['0123456789abcdef0123456789ABCDEF', 'run:0123456789abcdef0123456789abcdef'],
  ['models:/iris/3', 'model:iris@3'],
  ['/data/iris.csv', 'dataset:/data/iris.csv']
])('%s asks for %s', (text, uri) => {
  expect(askedUri(text)).toBe(uri);
});

test.each(['', 'iris', '/', 'run:', 'models:/iris/latest'])('%j asks for nothing', text => {
  expect(askedUri(text)).toBeNull();
});
