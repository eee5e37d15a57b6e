import type { TranslationBundle } from '@jupyterlab/translation';
import { Resources } from '@slipway/schema';
import { askedOf, expectedWords, formatMemory, gpuName, placesOf, tintOf } from './words';

// JupyterLab's own translator is an ES module, which jest does not load here.
const fill = (text: string, ...values: unknown[]): string => text.replace(/%(\d)/g, (_, n: string) => String(values[Number(n) - 1]));
const trans = { __: fill, _n: (one: string, many: string, n: number, ...rest: unknown[]) => fill(n === 1 ? one : many, n, ...rest) } as unknown as TranslationBundle;
const asks = (over: object) => ({ resources: Resources.parse({ memoryBytes: 2 ** 30, ...over }) });

test('what a job asks for, as a person says it', () => {
  expect(askedOf(asks({}), trans)).toBe('1 CPU, 1 GiB');
  expect(askedOf(asks({ gpus: 2, gpuTypes: ['H100', 'A100'], cpus: 4 }), trans)).toBe('2 GPUs (H100 / A100), 4 CPUs, 1 GiB');
  expect(askedOf(asks({ gpus: 0.5 }), trans)).toBe('0.5 GPU, 1 CPU, 1 GiB');
  expect(askedOf(asks({ gpus: 1, migProfile: '1g.10gb', ranks: 4 }), trans)).toBe('4 × (1 GPU (1g.10gb), 1 CPU, 1 GiB)');
  expect(formatMemory(300 * 2 ** 20)).toBe('300 MiB');
});

test('when a job starts', () => {
  const at = (ms: number) => expectedWords({ expectedStartAt: new Date(1_000_000 + ms).toISOString() }, 1_000_000, trans);
  expect([at(1_000), at(125_000), expectedWords({ expectedStartAt: null }, 0, trans)]).toEqual(['any moment', 'in about 2 min 5 s', '–']);
});

test('a project has always the same colour of six', () => {
  expect(tintOf('vision')).toBe(tintOf('vision'));
  expect(['a', 'b', 'default', 'vision'].every(p => tintOf(p) >= 0 && tintOf(p) < 6)).toBe(true);
});

test('what is reserved, by the names of its nodes', () => {
  const nodes = [{ id: 'n1', name: 'atlas' }, { id: 'n2', name: 'borea' }];
  expect(placesOf({ nodeIds: ['n1', 'n2', 'gone'], deviceIds: [] }, nodes, trans)).toBe('atlas, borea, gone');
  expect(placesOf({ nodeIds: ['n1'], deviceIds: ['GPU-1', 'GPU-2'] }, nodes, trans)).toBe('2 GPUs of atlas');
});

test('GPUs of one kind are told apart by their place, a slice goes by its profile', () => {
  const gpu = { type: 'NVIDIA H100 80GB HBM3', migProfile: null, memoryBytes: 80 * 2 ** 30 };
  expect(gpuName(gpu, 3)).toBe('3 · H100 80GB HBM3 · 80 GiB');
  expect(gpuName({ ...gpu, migProfile: '1g.10gb', memoryBytes: 10 * 2 ** 30 }, 1)).toBe('1 · 1g.10gb · 10 GiB');
});
