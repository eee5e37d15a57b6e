export { authenticate } from './authenticate';
export { jsonBodiesOnly } from './content-type';
export { browserGuard, isLocalSocket } from './guards';
export { accessRoutes } from './routes';
export { ensureSecretFile, isSame, newSecret } from './secrets';
export { createAccess, type Access } from './service';
