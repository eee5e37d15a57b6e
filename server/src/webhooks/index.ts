export { mlflowWebhookRoutes } from './mlflow-routes';
export { createAddressRules } from './addresses';
export { waitAfter, type Patience } from './backoff';
export { createSecretBox, type SecretBox } from './secrets';
export { createPoster, type Answer, type Post } from './sender';
export { webhookRoutes } from './routes';
export { createWebhooks, type Webhooks } from './service';
