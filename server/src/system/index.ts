export { systemRoutes } from './routes';
export { createSystem, type System } from './service';
