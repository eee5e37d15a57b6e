export { importRoutes } from './routes';
export { createImports, type Imports } from './service';
