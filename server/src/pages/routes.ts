import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '../core/endpoint-router';
import { packageRoot } from '../core/package-root';
import type { LabAddress } from './lab-address';

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Where the links lead that MLflow's client prints after a run:
 * `/#/experiments/E/runs/R`. The page itself holds nobody's data; it calls the
 * API, with a token where the daemon asks for one.
 */
export function pageRoutes(): Router {
  const router = Router();
  const folder = join(packageRoot(), 'server', 'pages');
  router.use(['/pages', /^\/$/], (_req, res, next) => {
    res.set({ 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-cache' });
    next();
  });
  const send = (name: string) => ({ root: folder, dotfiles: 'allow' as const, cacheControl: false, headers: { 'content-type': typeOf(name) } });
  router.get('/', (_req, res) => res.sendFile('index.html', send('index.html')));
  for (const name of readdirSync(folder)) {
    router.get(`/pages/${name}`, (_req, res) => res.sendFile(name, send(name)));
  }
  return router;
}

export function labRoutes(lab: LabAddress): Router {
  const router = Router();
  serve(router, endpoints.system.lab, async () => ({ labUrl: lab.url() }));
  return router;
}

function typeOf(name: string): string {
  return name.endsWith('.mjs') ? 'text/javascript; charset=utf-8' : name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/html; charset=utf-8';
}
