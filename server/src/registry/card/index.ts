export { cardRoutes } from './routes';
export { createCards, type Cards } from './service';
