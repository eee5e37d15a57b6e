import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeKubernetesApi } from './fake-kubernetes-api';
import { engineStory } from './story';

const folder = mkdtempSync(join(tmpdir(), 'slipway-kubeconfig-'));
let fake: Awaited<ReturnType<typeof startFakeKubernetesApi>>;
afterAll(async () => {
  await fake.end();
  rmSync(folder, { recursive: true });
});

describe('Kubernetes, on a fake of its API server that runs the pods’ commands here', () =>
  engineStory({
    kind: 'kubernetes',
    reach: async () => (fake = await startFakeKubernetesApi()).url,
    configFor(url) {
      const kubeconfig = join(folder, 'config');
      const user = { name: 'me', user: { token: fake.token } };
      writeFileSync(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'c', clusters: [{ name: 'c', cluster: { server: url, 'insecure-skip-tls-verify': true } }], users: [user], contexts: [{ name: 'c', context: { cluster: 'c', user: 'me' } }] }));
      return { kubeconfig, image: 'example.org/step:1', volume: { claim: 'shared' }, queue: 'team' };
    },
    gpu: /begun 0/,
    takesGangs: true
  }));
