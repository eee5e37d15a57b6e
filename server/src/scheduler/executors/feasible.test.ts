import { Resources, type ResourcesInput } from '@slipway/schema';
import { parseEngines, type KubernetesConfig } from './config';
import { neverThere } from './feasible';
import { jobManifest } from './kubernetes-manifest';

const common = "shared: { folder: /s }, nodes: { python: /usr/bin/python3 }, limits: { cpus: 8, memory: 64GiB, gpus: 4 }";
const [slurm, ray, kubernetes] = parseEngines(
  `engines:
  - { name: s, kind: slurm, url: 'http://slurm.example', user: alice, token: { file: /t }, gpuType: v100, gpuTypes: { H100: h100 }, ${common} }
  - { name: r, kind: ray, url: 'http://ray.example', ${common} }
  - { name: k, kind: kubernetes, image: 'example.org/step:1', volume: { claim: shared }, nodeSelector: { pool: ml }, gpuTypes: { H100: { nvidia.com/gpu.product: NVIDIA-H100 }, A100: { nvidia.com/gpu.product: NVIDIA-A100 } }, ${common} }`,
  'engines.yaml'
);
const never = (asked: ResourcesInput, config = slurm!): string | null => neverThere(Resources.parse({ memoryBytes: 2 ** 30, ...asked }), config, 'It');

test.each<[ResourcesInput, RegExp]>([
  [{ gpus: 5 }, /^It asks for 5 GPUs; a job on It \(s\) has at most 4\.$/],
  [{ gpus: 2, ranks: 3 }, /asks for 6 GPUs/],
  [{ gpus: 0.5 }, /0\.5 of a GPU; It \(s\) gives whole ones only/],
  [{ gpus: 1, migProfile: '1g.10gb' }, /MIG slices \(1g\.10gb\)/],
  [{ gpus: 1, gpuTypes: ['B200'] }, /asks for B200; of It \(s\) only v100, H100 are known: name them under `gpuTypes`/],
  [{ gpus: 1, gpuMemoryBytes: 40 * 2 ** 30 }, /GPUs of 40 GiB; how much those of It \(s\) have is not known/],
  [{ cpus: 9 }, /9 CPUs/],
  [{ memoryBytes: 65 * 2 ** 30 }, /65 GiB of memory/]
])('%j is refused', (asked, reason) => {
  expect(never(asked)).toMatch(reason);
});

test('what an engine has, and models it can be asked for by name, are not', () => {
  expect([never({ gpus: 4 }), never({ gpus: 1, gpuTypes: ['B200', 'h100'] }), never({ gpus: 1, gpuTypes: ['V100'] }), never({ gpus: 1, gpuTypes: ['A100'] }, kubernetes)]).toEqual([null, null, null, null]);
  expect(never({ ranks: 2 }, ray)).toMatch(/gang of 2/);
  expect(never({ gpus: 1, gpuTypes: ['H100'] }, ray)).toBe('It asks for H100; of It (r) no GPU types are known.');
});

test('of the models asked for Kubernetes is told the first that is configured, beside the nodes it is to use anyway', () => {
  const job = { name: 'slipway-1-1', label: 'a', command: ['node'], folder: '/s/jobs/x', outputFile: '/s/jobs/x/engine.log', cpus: 1, memoryBytes: 2 ** 30, gpus: 1, ranks: 1, timeoutMs: 60_000 };
  const selectorOf = (gpuTypes: string[]) => jobManifest(kubernetes as KubernetesConfig, { ...job, gpuTypes }).spec!.template.spec!.nodeSelector;
  expect(selectorOf(['B200', 'a100', 'H100'])).toEqual({ pool: 'ml', 'nvidia.com/gpu.product': 'NVIDIA-A100' });
  expect(selectorOf([])).toEqual({ pool: 'ml' });
});
