import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../core/endpoint-router';
import { NOTEBOOK_CELL_SCHEMA_PATH } from './notebook-cell-facet';
import type { OpenLineage } from './service';

export function openLineageRoutes(openLineage: OpenLineage): Router {
  const router = Router();
  serve(router, endpoints.openlineage.events, ({ query }) => openLineage.events(query));
  serve(router, endpoints.openlineage.status, () => openLineage.status());
  return router;
}

/** The schema of our own facet, for whoever reads our events: it holds no data of anybody's, and asks for no token. */
export function openLineageSchemaRoutes(openLineage: OpenLineage): Router {
  const router = Router();
  router.get(NOTEBOOK_CELL_SCHEMA_PATH, (_req, res) => {
    res.set({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=86400' });
    res.type('application/schema+json').send(JSON.stringify(openLineage.notebookCellSchema(), null, 2));
  });
  return router;
}
