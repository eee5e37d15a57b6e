export type { MailConfig } from './mail';
export { notificationRoutes } from './routes';
export { createNotifications, type Notifications } from './service';
