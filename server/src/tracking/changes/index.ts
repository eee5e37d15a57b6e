export { runChangeRoutes } from './routes';
export { createRunChanger, PIN_TAG, type RunChanger } from './service';
