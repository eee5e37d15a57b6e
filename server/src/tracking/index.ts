export { PIN_TAG, runChangeRoutes } from './changes';
export type { Protector, Purged } from './purge';
export { exploreRoutes } from './explore';
export { mlflowErrorHandler, mlflowFileRoutes, mlflowListener, mlflowNotFound, mlflowRouter, mlflowTrackingRoutes } from './mlflow';
export * as mlflow from './mlflow';
export * as search from './search';
export { createSameInputs, sameInputsRoutes } from './same-inputs';
export { createSessions, sessionRoutes, type Sessions } from './sessions';
export { artifactRoot, createTracking, type Tracking } from './service';
