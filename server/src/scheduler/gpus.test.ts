import { parseGpus, withSlices } from './gpus';

const gpu = (n: number) => ({ id: `GPU-${n}a`, type: 'NVIDIA A100-SXM4-40GB', memoryBytes: 40960 * 2 ** 20, migProfile: null });

test('reads the GPUs of nvidia-smi and passes over what is none', () => {
  expect(parseGpus('0, GPU-1a, NVIDIA A100-SXM4-40GB, 40960\nNo devices were found\n')).toEqual([gpu(1)]);
});

test('a GPU cut into MIG slices is its slices, and the others stay whole', () => {
  const listing = `GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-1a)
  MIG 1g.5gb     Device  0: (UUID: MIG-11)
  MIG 1g.5gb     Device  1: (UUID: MIG-12)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-2a)
`;
  const slice = (id: string) => ({ id, type: 'NVIDIA A100-SXM4-40GB', memoryBytes: 5 * 2 ** 30, migProfile: '1g.5gb' });
  expect(withSlices([gpu(1), gpu(2)], listing)).toEqual([slice('MIG-11'), slice('MIG-12'), gpu(2)]);
});
