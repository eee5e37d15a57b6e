import { createAddressRules, isPublic, type Address } from './addresses';

test.each(['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '::1', '::', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '2002:7f00:1::', 'fd00::1', 'fe80::1', 'ff02::1', '2001:db8::1', 'nonsense'])('%s is not public', address => {
  expect(isPublic(address)).toBe(false);
});

test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])('%s is public', address => {
  expect(isPublic(address)).toBe(true);
});

const answers = (...turns: string[]) => {
  let turn = 0;
  return async (): Promise<Address[]> => [{ address: turns[Math.min(turn++, turns.length - 1)]!, family: 4 }];
};

test.each(['http://127.0.0.1/', 'http://0177.0.0.1/', 'http://2130706433/', 'http://[::1]:80/', 'http://[::ffff:7f00:1]/', 'ftp://8.8.8.8/', 'file:///etc/passwd', 'http://', 'nonsense', 'http://u:p@8.8.8.8/'])('%s is refused', async url => {
  await expect(createAddressRules([]).check(url)).rejects.toMatchObject({ code: 'invalid_webhook_url' });
});

test('a name is judged by all it leads to', async () => {
  const mixed = async (): Promise<Address[]> => [{ address: '8.8.8.8', family: 4 }, { address: '10.0.0.1', family: 4 }];
  await expect(createAddressRules([], mixed).check('https://mixed.example/')).rejects.toMatchObject({ code: 'invalid_webhook_url' });
  await createAddressRules([], answers('8.8.8.8')).check('https://fine.example/');
});

test('a name that leads elsewhere when it is called is refused there: what was looked up is what is connected to', async () => {
  const rules = createAddressRules([], answers('8.8.8.8', '127.0.0.1'));
  await rules.check('http://rebinding.example/');
  const lookup = rules.lookupFor(new URL('http://rebinding.example/'))!;
  const error = await new Promise(resolve => lookup('rebinding.example', { all: true }, resolve));
  expect(String(error)).toContain('127.0.0.1, which is not a public address');
});

test('a host of the configuration may be private, with its port or on any', async () => {
  const rules = createAddressRules(['localhost:9000', '10.0.0.5']);
  await rules.check('http://localhost:9000/x');
  await rules.check('http://10.0.0.5:1234/');
  await expect(rules.check('http://localhost:9001/x')).rejects.toMatchObject({ code: 'invalid_webhook_url' });
});
