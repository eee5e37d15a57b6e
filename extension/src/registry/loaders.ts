import { endpoints, type LineageGraph, type ModelVersion, type RegisteredModel } from '@slipway/schema';
import { cellTitle } from '../core/format';
import { Loader } from '../core/loader';
import { keepFresh } from '../core/keep-fresh';
import type { ISlipway } from '../core/tokens';
import { readCellUri } from './lineage-uris';

/** All registered models, by name. */
export function modelsLoader(slipway: ISlipway): Loader<RegisteredModel[]> {
  const loader = new Loader(async () => (await slipway.client.call(endpoints.registry.list)).items);
  return keepFresh(slipway, loader, event => event.type === 'model.changed');
}

/** The versions of one model, newest first. */
export function versionsLoader(slipway: ISlipway, name: string): Loader<ModelVersion[]> {
  const loader = new Loader(async () => (await slipway.client.call(endpoints.registry.listVersions, { params: { name } })).items);
  return keepFresh(slipway, loader, event => event.type === 'model.changed' && event.subject === name);
}

/** What a model version came from. */
export function lineageLoader(slipway: ISlipway, name: string, version: string): Loader<LineageGraph> {
  const loader = new Loader(async () => {
    const graph = await slipway.client.call(endpoints.lineage.graph, { query: { uri: `model:${name}@${version}`, direction: 'up' } });
    const titles = await cellTitles(slipway, graph);
    const order = [...titles.keys()];
    const place = (uri: string): number => order.indexOf(readCellUri(uri)?.cellId ?? '');
    const nodes = graph.nodes.map(node => ({ ...node, label: titles.get(readCellUri(node.uri)?.cellId ?? '') ?? node.label }));
    return { ...graph, nodes: nodes.sort((a, b) => place(a.uri) - place(b.uri)) };
  });
  loader.refresh();
  return loader;
}

/** Cells by what they say, not by their ids, which tell nobody anything; in the notebook's order. */
async function cellTitles(slipway: ISlipway, graph: LineageGraph): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  for (const { uri } of graph.nodes) {
    const [, name, version] = /^pipeline:(.+)@(\d+)$/.exec(uri) ?? [];
    if (name !== undefined && version !== undefined) {
      const { cells } = await slipway.client.call(endpoints.pipelines.version, { params: { name, version } });
      cells.forEach(cell => titles.set(cell.id, cellTitle(cell.source)));
    }
  }
  return titles;
}
