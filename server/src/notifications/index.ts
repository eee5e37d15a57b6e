export type { MailConfig } from './mail';
export { createNotifications, type Notifications } from './service';
