import { endpoints, type LineageGraph, type ModelVersion, type RegisteredModel } from '@slipway/schema';
import { Loader } from '../core/loader';
import { keepFresh } from '../core/keep-fresh';
import type { ISlipway } from '../core/tokens';

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
  const loader = new Loader(() => slipway.client.call(endpoints.lineage.graph, { query: { uri: `model:${name}@${version}`, direction: 'up' } }));
  loader.refresh();
  return loader;
}
