import type { LineageGraph } from '@slipway/schema';
import { nearest } from './nearest';

const node = (uri: string) => ({ uri, kind: 'run', label: uri, detail: null, digest: null, isKnown: true, pipelineRunId: null });
const edge = (from: string, to: string) => ({ from, to, kind: 'made' as const, createdAt: null });
const graph: LineageGraph = { nodes: ['a', 'b', 'c', 'd', 'e'].map(node), edges: [edge('a', 'b'), edge('b', 'c'), edge('c', 'd'), edge('e', 'b')], isTruncated: false };

test('what is nearest stays, whichever way the edges go', () => {
  const part = nearest(graph, 'b', 4);
  expect(part.nodes.map(n => n.uri).sort()).toEqual(['a', 'b', 'c', 'e']);
  expect(part).toMatchObject({ hiddenCount: 1, edges: [{ from: 'a' }, { from: 'b', to: 'c' }, { from: 'e' }] });
  expect(nearest(graph, 'b', 50)).toMatchObject({ ...graph, hiddenCount: 0 });
});
