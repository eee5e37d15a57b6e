import type { LineageEdge, LineageGraph, LineageNode } from '@slipway/schema';
import { InvalidInput, NotFound } from '../core/errors';
import type { FoundEdge, Lineage } from './service';
import { parseDatasetUri } from './uris';

/** What a feature knows of things it has: how people call them. Leaves out what it does not know. */
export type Describer = (uris: readonly string[]) => Promise<ReadonlyMap<string, Partial<Description>>>;
export interface Description {
  label: string;
  /** More, in a few words. */
  detail?: string;
  pipelineRunId?: string;
}
export interface LineageView {
  uri: string;
  direction: 'up' | 'down' | 'both';
  depth: number;
  at?: string;
  before?: string;
  after?: string;
}

/** The graph as people see it: edges of lineage, and the names that the features have for what they join. */
export function createLineageGraph(deps: { lineage: Lineage; describers: readonly Describer[] }) {
  const { lineage, describers } = deps;

  async function describe(uris: readonly string[]): Promise<Map<string, Partial<Description>>> {
    const found = await Promise.all(describers.map(of => of(uris)));
    const known = new Map<string, Partial<Description>>();
    for (const [uri, description] of found.flatMap(of => [...of])) {
      known.set(uri, { ...known.get(uri), ...description });
    }
    return known;
  }

  return {
    /** @throws {NotFound} `unknown_uri` where nobody ever heard of it */
    async graph(view: LineageView): Promise<LineageGraph> {
      const before = earliest(view.at, view.before);
      const after = view.after === undefined ? null : new Date(view.after);
      if (before && after && after > before) {
        throw new InvalidInput('invalid_input', 'Invalid query: after: it lies behind the end.');
      }
      const { edges, isTruncated } = await lineage.edges({ uri: view.uri, direction: view.direction, depth: view.depth, before, after });
      const uris = [...new Set([view.uri, ...edges.flatMap(e => [e.from, e.to])])];
      const known = await describe(uris);
      if (edges.length === 0 && !known.has(view.uri) && !(await lineage.isLinked(view.uri))) {
        throw new NotFound('unknown_uri', `Lineage knows nothing of ${view.uri.slice(0, 300)}.`);
      }
      const nodes = uris.map(uri => toNode(uri, known.get(uri)));
      return { nodes, edges: [...edges.map(toEdge), ...sameBytes(nodes)], isTruncated };
    }
  };
}

export type LineageGraphs = ReturnType<typeof createLineageGraph>;

function earliest(...times: (string | undefined)[]): Date | null {
  const given = times.flatMap(t => (t === undefined ? [] : [Date.parse(t)]));
  return given.length === 0 ? null : new Date(Math.min(...given));
}

const toEdge = ({ from, to, createdAt }: FoundEdge): LineageEdge => ({ from, to, kind: 'made', createdAt: createdAt.toISOString() });

function toNode(uri: string, known: Partial<Description> | undefined): LineageNode {
  const colon = uri.indexOf(':');
  const [kind, rest] = [uri.slice(0, colon), uri.slice(colon + 1)];
  const dataset = parseDatasetUri(uri);
  return {
    uri,
    kind,
    label: known?.label ?? (dataset ? dataset.path.split('/').at(-1) || dataset.digest || rest : plainLabel(kind, rest)),
    detail: known?.detail ?? (dataset ? dataset.path || null : null),
    digest: dataset?.digest ?? null,
    // A file is what it is, known to a feature or not.
    isKnown: known !== undefined || dataset !== null,
    pipelineRunId: known?.pipelineRunId ?? null
  };
}

function plainLabel(kind: string, rest: string): string {
  return kind === 'cell' ? (rest.split('/').at(-1) ?? rest).replace(/@[0-9a-f]+$/, '') : rest;
}

/** Places of the same bytes, joined to the first of them, so that what leads through them hangs together. */
function sameBytes(nodes: readonly LineageNode[]): LineageEdge[] {
  const first = new Map<string, string>();
  return nodes.flatMap<LineageEdge>(({ uri, digest }) => {
    if (digest === null || !first.has(digest)) {
      digest !== null && first.set(digest, uri);
      return [];
    }
    return [{ from: first.get(digest)!, to: uri, kind: 'same', createdAt: null }];
  });
}
