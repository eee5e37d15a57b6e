export { createEvents, type EventListener, type Events, type NewEvent } from './service';
export { eventRoutes } from './routes';
