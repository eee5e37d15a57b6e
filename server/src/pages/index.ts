export { createLabAddress } from './lab-address';
export { labRoutes, pageRoutes } from './routes';
