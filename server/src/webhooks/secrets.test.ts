import { createSecretBox, signatureOf } from './secrets';

test('a sealed secret opens with its key and for its owner only, and never looks the same twice', () => {
  const box = createSecretBox('key');
  const sealed = box.seal('größer als 8', 'hook-1');
  expect(box.open(sealed, 'hook-1')).toBe('größer als 8');
  expect(box.seal('größer als 8', 'hook-1')).not.toBe(sealed);
  expect(() => box.open(sealed, 'hook-2')).toThrow();
  expect(() => createSecretBox('other').open(sealed, 'hook-1')).toThrow();
  const parts = sealed.split('.');
  expect(() => box.open([...parts.slice(0, 3), Buffer.from('changed').toString('base64')].join('.'), 'hook-1')).toThrow();
  expect(() => box.open([parts[0], parts[1], parts[2]!.slice(0, 8), parts[3]].join('.'), 'hook-1')).toThrow(); // a tag cut short
});

test('the signature is MLflow’s', () => {
  // mlflow.webhooks.delivery._generate_hmac_signature('secret', 'id-1', '1700000000', '{"a": "é"}')
  expect(signatureOf('secret', 'id-1', '1700000000', '{"a": "é"}')).toBe('v1,rV6sOSR2qMcRePqRPDdqYLaRBqs3P8jKH24CL9Mm/Qo=');
});
