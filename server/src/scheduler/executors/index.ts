export { NO_ENGINES, type Engines } from './engines';
