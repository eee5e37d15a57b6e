import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { needs, serve } from '../../core/endpoint-router';
import type { Cards } from './service';

export function cardRoutes(cards: Cards): Router {
  const router = Router();
  const e = endpoints.cards;
  serve(router, e.get, ({ params }) => cards.get(params.name!, params.version!));
  serve(router, e.edit, ({ params, body, caller }) => cards.edit(params.name!, params.version!, body, caller.id));
  router.get(e.markdown.path, needs(e.markdown.permission), async (req, res) => {
    const { name, version } = req.params as { name: string; version: string };
    const card = await cards.get(name, version);
    const file = encodeURIComponent(`${card.model}-${card.version}.md`);
    res.set({ 'content-disposition': `attachment; filename*=UTF-8''${file}`, 'x-content-type-options': 'nosniff' });
    res.type(e.markdown.produces).send(card.markdown);
  });
  return router;
}
