import { parseLoad } from './gpu-load';

test('what the driver does not tell is passed over', () => {
  const told = 'GPU-1, 37, 1024, 81559\nGPU-2, [N/A], [N/A], 40960\n\nnonsense\nGPU-3, 0, 0, [N/A]\n';
  expect([...parseLoad(told)]).toEqual([
    ['GPU-1', { utilisationPercent: 37, usedMemoryBytes: 2 ** 30, totalMemoryBytes: 81559 * 2 ** 20 }],
    ['GPU-3', { utilisationPercent: 0, usedMemoryBytes: 0, totalMemoryBytes: 0 }]
  ]);
});
