import { mkdtempSync, rmSync } from 'node:fs';
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
    configFor: url => fake.configFor(url, folder),
    gpu: /begun 0/,
    takesGangs: true
  }));
