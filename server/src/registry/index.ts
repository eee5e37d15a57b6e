export { mlflowRegistryRoutes } from './mlflow-routes';
export { registryRoutes } from './routes';
export { createRegistry, type NewVersion, type Registry } from './service';
