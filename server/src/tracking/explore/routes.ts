import { ArtifactDownloadQuery, endpoints } from '@slipway/schema';
import { Router, type Response } from 'express';
import type { Artifacts } from '../../artifacts';
import { needs, serve } from '../../core/endpoint-router';
import { InvalidInput } from '../../core/errors';
import type { Db } from '../../database';
import type { Tracking } from '../service';
import { mediaType } from './artifact-files';
import { createExplorer } from './service';

/** No script, no request anywhere: a report may draw itself with what it carries. */
const SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

/** The tables, curves and files that the pages of experiments show. */
export function exploreRoutes(deps: { db: Db; tracking: Tracking; artifacts: Artifacts }): Router {
  const explorer = createExplorer(deps);
  const router = Router();
  const e = endpoints.explore;
  serve(router, e.experiments, ({ query }) => explorer.experiments(query));
  serve(router, e.columns, ({ query }) => explorer.columns(query.experimentId ?? null));
  serve(router, e.rows, ({ body }) => explorer.rows(body));
  serve(router, e.groups, ({ body }) => explorer.groups(body));
  serve(router, e.run, ({ params }) => explorer.describe(params.runId!));
  serve(router, e.edit, ({ params, body }) => explorer.setNote(params.runId!, body.note));
  serve(router, e.curves, async ({ body }) => ({ items: await explorer.curves(body) }));
  serve(router, e.artifacts, async ({ params, query }) => ({ items: await explorer.artifacts(params.runId!, query.path) }));
  serve(router, e.images, async ({ params }) => ({ items: await explorer.images(params.runId!) }));
  serve(router, e.preview, ({ params, query }) => explorer.preview(params.runId!, query.path));
  router.get(e.file.path, needs(e.file.permission), async (req, res) => {
    const query = ArtifactDownloadQuery.safeParse(req.query);
    if (!query.success) {
      throw new InvalidInput('invalid_input', 'Invalid query: say the path of a file.');
    }
    const { path, download } = query.data;
    const file = await explorer.file(String(req.params.runId), path);
    const disposition = download === '1' ? 'attachment' : 'inline';
    res.set({ 'content-security-policy': SANDBOX, 'x-content-type-options': 'nosniff', 'content-disposition': `${disposition}; filename*=UTF-8''${encodeURIComponent(path.split('/').at(-1)!)}`, etag: `"${file.digest}"` });
    res.type(mediaType(path));
    await sendBlob(res, deps.artifacts.blobs.pathOf(file.digest));
  });
  return router;
}

function sendBlob(res: Response, path: string): Promise<void> {
  return new Promise((resolve, reject) => res.sendFile(path, { dotfiles: 'allow', lastModified: false, etag: false, cacheControl: false }, err => (err && !res.headersSent ? reject(err) : resolve())));
}
