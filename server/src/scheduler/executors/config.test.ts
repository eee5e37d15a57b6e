import { parseEngines } from './config';

const SLURM = `engines:
  - name: cluster
    kind: slurm
    url: http://slurm.example:6820
    user: alice
    token: { file: /etc/slipway/jwt }
    shared: { folder: /shared/slipway }
    nodes: { python: /opt/py/bin/python }
    limits: { cpus: 64, memory: 256GiB, gpus: 4 }
`;
const faultOf = (text: string): string => {
  try {
    parseEngines(text, 'engines.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

test('what is left out has its default; sizes are bytes', () => {
  expect(parseEngines(SLURM, 'engines.yaml')).toMatchObject([
    { name: 'cluster', nodes: { node: 'node', sandbox: 'auto', notebooks: 'copied', largestFolder: 2 ** 30 }, limits: { cpus: 64, memory: 256 * 2 ** 30, gpus: 4, maxJobs: 100 } }
  ]);
  expect(parseEngines('', 'engines.yaml')).toEqual([]);
  expect(parseEngines('engines: []', 'engines.yaml')).toEqual([]);
});

test.each([
  ['kind: slurm', 'kind: pbs', /^engines\.yaml:3: engines\.0\.kind: /],
  ['user: alice', 'usr: alice', /engines\.0: Unrecognized key: "usr"/],
  ['memory: 256GiB', 'memory: 256', /^engines\.yaml:9: engines\.0\.limits\.memory: /],
  ['{ file: /etc/slipway/jwt }', 'eyJhbGciOi', /^engines\.yaml:6: engines\.0\.token: a credential is/],
  ['url: http://slurm', 'url: http://me:secret@slurm', /^engines\.yaml:4: engines\.0\.url: holds no credentials/],
  ['name: cluster', 'name: local', /^engines\.yaml:2: engines\.0\.name: `local` is this machine/],
  ['folder: /shared/slipway', 'folder: shared', /^engines\.yaml:7: engines\.0\.shared\.folder: an absolute path/],
  ['python: /opt/py/bin/python', 'python: /opt/py/bin/python, sandbox: none, notebooks: mounted', /engines\.0\.nodes: without walls/],
  ['    user', '   user', /^engines\.yaml:\d+: /]
])('%s → %s is refused with its place', (from, to, message) => {
  const fault = faultOf(SLURM.replace(from, to));
  expect(fault).toMatch(message);
  expect(fault).not.toContain('secret@');
});

test('two engines of one name are refused', () => {
  expect(faultOf(SLURM + SLURM.split('\n').slice(1).join('\n'))).toContain('two engines have one name');
});
