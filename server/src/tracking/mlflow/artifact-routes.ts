import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { checkedPath, type Artifacts } from '../../artifacts';
import { needs } from '../../core/endpoint-router';
import { InvalidInput, NotFound } from '../../core/errors';
import type { Db } from '../../database';
import { artifactRoot, type Tracking } from '../service';
import { PageToken, withRunId } from './fields';
import { mlflowRoute, type MlflowRoute } from './routes';
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
    const path = artifactPathOf(req);
    const blob = await unlessBrokenOff(req, artifacts.blobs.put(req));
    await artifacts.files.set(db, path, blob);
    sendJson(res, 200, {});
  });
  router.get(file, needs('runs:read'), async (req, res) => {
    const path = artifactPathOf(req);
    const found = await artifacts.files.get(path);
    if (!found) {
      throw new NotFound('no_such_artifact', `No such artifact: '${path}'`);
    }
    if (!(await artifacts.blobs.has(found.digest))) {
      throw new NotFound('artifact_bytes_missing', `The bytes of '${path}' are not on this daemon’s disk (any more).`);
    }
    res.set({ 'content-security-policy': 'sandbox', 'x-content-type-options': 'nosniff', 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(path.split('/').at(-1)!)}`, etag: `"${found.digest}"` });
    res.type('application/octet-stream');
    await sendFile(res, artifacts.blobs.pathOf(found.digest), found.sizeBytes);
  });
  router.delete(file, needs('runs:write'), async (req, res) => {
    await artifacts.files.remove(db, artifactPathOf(req));
    sendJson(res, 200, {});
  });
  return router;
}

/** An upload whose client left in the middle is no fault of ours. @throws {InvalidInput} `upload_broken_off` */
export async function unlessBrokenOff<T>(req: Request, storing: Promise<T>): Promise<T> {
  return storing.catch((cause: unknown) => {
    // A request is also given up where storing it failed first: what failed says which it was.
    const isGone = req.readableAborted && cause instanceof Error && 'code' in cause && (cause.code === 'ECONNRESET' || cause.code === 'ERR_STREAM_PREMATURE_CLOSE');
    throw isGone ? new InvalidInput('upload_broken_off', 'The connection ended before the whole file had come.', { cause }) : cause;
  });
}

/** Sends the file, or the range of it that was asked for; the etag is set already. */
function sendFile(res: Response, file: string, sizeBytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    res.sendFile(file, SEND_OPTIONS, (error?: NodeJS.ErrnoException & { status?: number }) => {
      if (!error || res.headersSent) {
        return resolve(); // else the client left in the middle
      }
      if (error.status === 416) {
        res.set('content-range', `bytes */${sizeBytes}`);
      }
      res.removeHeader('content-disposition');
      res.removeHeader('etag');
      reject(error);
    });
  });
}
/** Read in pieces as large as a socket takes gladly. */
const SEND_OPTIONS = { dotfiles: 'allow', lastModified: false, etag: false, cacheControl: false, highWaterMark: 2 ** 18 } as const;

/** Express has decoded the path once; what decodes further is refused by `checkedPath`. */
export function artifactPathOf(req: Request): string {
  const parts = req.params.path as unknown;
  const path = Array.isArray(parts) ? parts.join('/') : String(parts);
  if (path.length === 0) {
    throw new InvalidInput('invalid_path', 'An artifact needs a path.');
  }
  return checkedPath(path);
}
