import fc from 'fast-check';
import { readLink } from './link';

const RUN = 'a'.repeat(32);

test.each([
  [`?slipway-open=run:${RUN}`, { command: 'openTrackedRun', args: { runId: RUN } }, ''],
  ['?token=x&slipway-open=experiment%3A7&reset=', { command: 'openExperiments', args: { experimentId: '7' } }, '?token=x&reset='],
  ['?slipway-open=model%3Achurn%20%40home%4012', { command: 'openModel', args: { name: 'churn @home', version: '12' } }, '']
])('%s', (search, opens, rest) => {
  expect(readLink(search)).toEqual({ opens, rest });
});

test.each(['', '?a=b', '?slipway-open=', '?slipway-open=run:nothing', '?slipway-open=model:churn', '?slipway-open=file:/etc/passwd'])('%j opens nothing', search => {
  expect(readLink(search).opens).toBeNull();
});

test('every model’s name comes through', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), (name, version) => {
      const { opens } = readLink(`?slipway-open=${encodeURIComponent(`model:${name}@${version}`)}`);
      expect(opens?.args).toEqual({ name, version: String(version) });
    })
  );
});
