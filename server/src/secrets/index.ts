export { secretRoutes } from './routes';
export { createSecrets, type Secrets } from './service';
