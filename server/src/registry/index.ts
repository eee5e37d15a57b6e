export { cardRoutes, createCards } from './card';
export { comparisonRoutes, createComparison, createMakings, createUriComparison, type Makings } from './compare';
export { mlflowRegistryRoutes } from './mlflow-routes';
export { readMlModel, readText, signatureOf, type MlModel } from './mlmodel';
export { createPromotions, promotionRoutes, type Promotions } from './promotions';
export { protectVersions } from './protect';
export { registryRoutes } from './routes';
export { createRegistry, type NewVersion, type Registry } from './service';
export { importModel } from './import-model';
