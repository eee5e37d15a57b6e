import { Router, type Request } from 'express';
import { z } from 'zod';
import { checkedPath, type Artifacts } from '../../artifacts';
import { needs } from '../../core/endpoint-router';
import { InvalidInput, NotFound } from '../../core/errors';
import type { Db } from '../../database';
import { artifactRoot, type Tracking } from '../service';
import { mlflowRoute, PageToken, withRunId, type MlflowRoute } from './router';
import { sendJson } from './wire';

/** Lists a run's artifacts. */
export function runArtifactRoutes({ runs }: Tracking, artifacts: Artifacts): MlflowRoute[] {
  return [
    mlflowRoute('get', '/artifacts/list', 'runs:read', withRunId({ path: z.string().optional(), page_token: PageToken }), async ({ input }) => {
      const run = await runs.find(input.run_id);
      const inner = input.path ? checkedPath(input.path.replace(/\/+$/, '')) : '';
      const files = await artifacts.files.entries([artifactRoot(run), inner].filter(Boolean).join('/'));
      return { root_uri: run.artifact_uri, files: files.map(f => ({ path: [inner, f.path].filter(Boolean).join('/'), is_dir: f.isFolder, ...(f.sizeBytes !== null && { file_size: f.sizeBytes }) })) };
    })
  ];
}

/** The `mlflow-artifacts:` proxy: bytes in and out as streams, ranges and resumed downloads included. */
export function artifactProxyRoutes(db: Db, artifacts: Artifacts): Router {
  const router = Router();
  const base = ['/api/2.0/mlflow-artifacts/artifacts', '/ajax-api/2.0/mlflow-artifacts/artifacts'];
  const file = base.map(b => `${b}/*path`);
  router.get(base, needs('runs:read'), async (req, res) => {
    const folder = typeof req.query.path === 'string' ? checkedPath(req.query.path.replace(/\/+$/, '')) : '';
    const entries = folder === '' ? [] : await artifacts.files.entries(folder);
    sendJson(res, 200, { files: entries.map(e => ({ path: e.path, is_dir: e.isFolder, ...(e.sizeBytes !== null && { file_size: e.sizeBytes }) })) });
  });
  router.put(file, needs('runs:write'), async (req, res) => {
    const path = pathOf(req);
    const blob = await artifacts.blobs.put(req);
    await artifacts.files.set(db, path, blob);
    sendJson(res, 200, {});
  });
  router.get(file, needs('runs:read'), async (req, res) => {
    const path = pathOf(req);
    const found = await artifacts.files.get(path);
    if (!found) {
      throw new NotFound('no_such_artifact', `No such artifact: '${path}'`);
    }
    if (!(await artifacts.blobs.has(found.digest))) {
      throw new NotFound('artifact_bytes_missing', `The bytes of '${path}' are not on this daemon’s disk (any more).`);
    }
    res.set({ 'content-security-policy': 'sandbox', 'x-content-type-options': 'nosniff', 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(path.split('/').at(-1)!)}`, etag: `"${found.digest}"` });
    res.type('application/octet-stream');
    await new Promise<void>((resolve, reject) => res.sendFile(artifacts.blobs.pathOf(found.digest), { dotfiles: 'allow', lastModified: false, etag: false, cacheControl: false }, err => (err && !res.headersSent ? reject(err) : resolve())));
  });
  router.delete(file, needs('runs:write'), async (req, res) => {
    await artifacts.files.remove(db, pathOf(req));
    sendJson(res, 200, {});
  });
  return router;
}

/** Express has decoded the path once; what decodes further is refused by `checkedPath`. */
function pathOf(req: Request): string {
  const parts = req.params.path as unknown;
  const path = Array.isArray(parts) ? parts.join('/') : String(parts);
  if (path.length === 0) {
    throw new InvalidInput('invalid_path', 'An artifact needs a path.');
  }
  return checkedPath(path);
}
