export { mlflowWebhookRoutes } from './mlflow-routes';
export { webhookRoutes } from './routes';
export { createWebhooks, type Webhooks } from './service';
