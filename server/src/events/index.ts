export { createEvents, type EventListener, type Events, type NewEvent } from './service';
export { createNewsReader } from './news-reader';
export { eventRoutes } from './routes';
