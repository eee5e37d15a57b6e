export { authenticate } from './authenticate';
export { jsonBodiesOnly } from './content-type';
export { browserGuard } from './guards';
export { accessRoutes } from './routes';
export { createAccess, type Access } from './service';
