import { wantedOf } from './places';

const nodes = [
  { id: 'n1', devices: [{ id: 'GPU-1' }, { id: 'GPU-2' }] },
  { id: 'n2', devices: [{ id: 'GPU-3' }] },
  { id: 'n3', devices: [] }
];

test('whole nodes are reserved without their GPUs, and single GPUs with their nodes', () => {
  expect(wantedOf(nodes, ['n3', 'n1'])).toEqual({ nodeIds: ['n1', 'n3'], deviceIds: [] });
  expect(wantedOf(nodes, ['GPU-3', 'GPU-1'])).toEqual({ nodeIds: ['n1', 'n2'], deviceIds: ['GPU-1', 'GPU-3'] });
});
