export { promotionRoutes } from './routes';
export { createPromotions, type Promotions } from './service';
