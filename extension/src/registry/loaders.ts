import { endpoints, type DeclaredGates, type GateEvaluation, type LineageGraph, type Me, type ModelCard, type ModelComparison, type ModelVersion, type Promotion, type RegisteredModel, type SlipwayEvent, type UriComparison, type VersionMaking } from '@slipway/schema';
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
  return keepFresh(slipway, loader, isOf(name));
}

/** Who sits here, and what they may do; it does not change while they sit. */
export function meLoader(slipway: ISlipway): Loader<Me> {
  return keepFresh(slipway, new Loader(() => slipway.client.call(endpoints.access.me)), () => false);
}

/** What a model asks of its versions. */
export function gatesLoader(slipway: ISlipway, name: string): Loader<DeclaredGates> {
  const loader = new Loader(() => slipway.client.call(endpoints.gates.get, { params: { name } }));
  return keepFresh(slipway, loader, isOf(name));
}

/** How the gates came out for a version, newest first. */
export function evaluationsLoader(slipway: ISlipway, name: string, version: string): Loader<GateEvaluation[]> {
  const loader = new Loader(async () => (await slipway.client.call(endpoints.gates.evaluations, { params: { name, version } })).items);
  return keepFresh(slipway, loader, isOf(name));
}

const MOST_PROMOTIONS = 200;

/** Promotions that wait for somebody's word, of all models. */
export function waitingLoader(slipway: ISlipway): Loader<Promotion[]> {
  const loader = new Loader(async () => (await slipway.client.call(endpoints.promotions.listAll, { query: { status: 'open', limit: MOST_PROMOTIONS } })).items);
  return keepFresh(slipway, loader, event => event.type.startsWith('promotion.') || event.type === 'model_gates.evaluated');
}

/** Promotions of a model, newest first. */
export function promotionsLoader(slipway: ISlipway, name: string): Loader<Promotion[]> {
  const loader = new Loader(async () => (await slipway.client.call(endpoints.promotions.list, { params: { name }, query: { limit: MOST_PROMOTIONS } })).items);
  return keepFresh(slipway, loader, isOf(name));
}

export function promotionLoader(slipway: ISlipway, promotionId: string): Loader<Promotion> {
  const loader: Loader<Promotion> = new Loader(() => slipway.client.call(endpoints.promotions.get, { params: { promotionId } }));
  return keepFresh(slipway, loader, event => event.subject === loader.value?.model);
}

/** What differs from one version to another. */
export function comparisonLoader(slipway: ISlipway, name: string, candidate: string, champion: string): Loader<ModelComparison> {
  const loader = new Loader(() => slipway.client.call(endpoints.comparison.compare, { params: { name }, query: { candidate, champion } }));
  return keepFresh(slipway, loader, () => false);
}

/** What differs between any two, by their URIs. */
export function uriComparisonLoader(slipway: ISlipway, candidate: string, champion: string): Loader<UriComparison> {
  const loader = new Loader(() => slipway.client.call(endpoints.comparison.compareUris, { query: { candidate, champion } }));
  return keepFresh(slipway, loader, () => false);
}

/** How a version came about: it does not change any more. */
export function makingLoader(slipway: ISlipway, name: string, version: string): Loader<VersionMaking> {
  return keepFresh(slipway, new Loader(() => slipway.client.call(endpoints.comparison.making, { params: { name, version } })), () => false);
}

export function cardLoader(slipway: ISlipway, name: string, version: string): Loader<ModelCard> {
  const loader = new Loader(() => slipway.client.call(endpoints.cards.get, { params: { name, version } }));
  return keepFresh(slipway, loader, isOf(name));
}

const isOf = (name: string) => (event: SlipwayEvent): boolean => event.type === 'model.changed' && event.subject === name;

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
