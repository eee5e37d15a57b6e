import { Router } from 'express';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../core/package-root';

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Slipway API</title><link rel="stylesheet" href="docs/assets/swagger-ui.css"></head>
<body><div id="ui"></div><script src="docs/assets/swagger-ui-bundle.js"></script><script src="docs/start.js"></script></body>
</html>`;
const START = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#ui', deepLinking: true, persistAuthorization: false });`;

/** The browsable API page at `/docs`; it and the document hold no data of anybody's. */
export function docsRoutes(): Router {
  const router = Router();
  const assets = dirname(createRequire(join(packageRoot(), 'server', 'package.json')).resolve('swagger-ui-dist/package.json'));
  router.use('/docs', (_req, res, next) => {
    res.set({ 'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:", 'x-content-type-options': 'nosniff' });
    next();
  });
  router.get('/docs', (_req, res) => void res.type('html').send(PAGE));
  router.get('/docs/start.js', (_req, res) => void res.type('js').send(START));
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    router.get(`/docs/assets/${name}`, (_req, res) => res.sendFile(join(assets, name), { dotfiles: 'allow' }));
  }
  for (const name of ['openapi.json', 'pipeline-file.schema.json']) {
    router.get(`/${name}`, (_req, res) => res.sendFile(join(packageRoot(), 'schema', name), { dotfiles: 'allow' }));
  }
  return router;
}
