export { sameInputsRoutes } from './routes';
export { createSameInputs, recordInputs, recordLoggedInputs, type RanOn } from './service';
