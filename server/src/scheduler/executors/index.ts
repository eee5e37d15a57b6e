export { readEngines, type EngineConfig } from './config';
export { createEngines } from './create-engines';
export { NO_ENGINES, type Engines } from './engines';
