import express, { Router, type Request } from 'express';
import { z } from 'zod';
import { checkedPath, type Artifacts } from '../../artifacts';
import { needs } from '../../core/endpoint-router';
import { InvalidInput, NotFound } from '../../core/errors';
import type { Db } from '../../database';
import type { Tracking } from '../service';
import { artifactPathOf, unlessBrokenOff } from './artifact-routes';
import { Int8, Text } from './fields';
import { mlflowRoute, type MlflowRoute } from './routes';
import { sendJson } from './wire';

const BASES = ['/api/2.0/mlflow-artifacts', '/ajax-api/2.0/mlflow-artifacts'];
const FILES = '/api/2.0/mlflow-artifacts/artifacts';
const PARTS = '/api/2.0/mlflow-artifacts/mpu/parts';
const MOST_PARTS = 10_000;

const Begin = z.object({ path: Text.min(1), num_parts: z.coerce.number().int().min(1).max(MOST_PARTS).default(1) });
const Complete = z.object({ path: Text.min(1), upload_id: Text, parts: z.array(z.object({ part_number: z.coerce.number().int(), etag: z.string() })).max(MOST_PARTS) });
const Abort = z.object({ path: Text.min(1), upload_id: Text });

/**
 * What MLflow calls multipart upload and presigned download: a file goes up in
 * parts and comes down in ranges, several at once. The client asks the
 * addresses it is given without its credentials, but with the headers it is
 * given; it gets its own back, for it knows them already.
 */
export function artifactTransferRoutes(db: Db, artifacts: Artifacts): Router {
  const router = Router();
  const json = express.json({ limit: '8mb' });
  const paths = (route: string): string[] => BASES.map(base => `${base}${route}/*path`);
  router.post(paths('/mpu/create'), needs('runs:write'), json, async (req, res) => {
    const input = parse(Begin, req.body);
    const id = await artifacts.uploads.begin(targetOf(req, input.path));
    const credentials = Array.from({ length: input.num_parts }, (_, i) => ({ url: `${originOf(req)}${PARTS}/${id}/${i + 1}`, part_number: i + 1, headers: headersFor(req) }));
    sendJson(res, 200, { upload_id: id, credentials });
  });
  router.put(`${PARTS}/:id/:number`, needs('runs:write'), async (req, res) => {
    const etag = await unlessBrokenOff(req, artifacts.uploads.putPart(String(req.params.id), Number(req.params.number), req));
    res.set('etag', `"${etag}"`);
    sendJson(res, 200, {});
  });
  router.post(paths('/mpu/complete'), needs('runs:write'), json, async (req, res) => {
    const input = parse(Complete, req.body);
    const path = targetOf(req, input.path);
    const blob = await artifacts.uploads.join(input.upload_id, path, input.parts.map(p => ({ number: p.part_number, etag: p.etag })));
    await artifacts.files.set(db, path, blob);
    await artifacts.uploads.end(input.upload_id, path);
    sendJson(res, 200, {});
  });
  router.post(paths('/mpu/abort'), needs('runs:write'), json, async (req, res) => {
    const input = parse(Abort, req.body);
    await artifacts.uploads.end(input.upload_id, targetOf(req, input.path));
    sendJson(res, 200, {});
  });
  router.get(paths('/presigned'), needs('runs:read'), async (req, res) => {
    const path = artifactPathOf(req);
    const file = await artifacts.files.get(path);
    if (!file) {
      throw new NotFound('no_such_artifact', `No such artifact: '${path}'`);
    }
    sendJson(res, 200, { url: `${originOf(req)}${FILES}/${path.split('/').map(encodeURIComponent).join('/')}`, headers: headersFor(req), file_size: file.sizeBytes });
  });
  return router;
}

const Presigned = { path: Text.min(1), expiration: Int8.optional() };

/** Addresses in an object store, which MLflow has only for runs whose artifacts lie in one; refused in its words. */
export function presignedUrlRoutes({ runs, loggedModels }: Tracking): MlflowRoute[] {
  const refuse = (what: 'download' | 'upload'): never => {
    throw new InvalidInput('proxied_artifacts', `Presigned ${what} is not supported for proxied artifact storage (artifact URI scheme: mlflow-artifacts). This endpoint requires a direct cloud storage artifact URI.`);
  };
  return [
    mlflowRoute('post', '/artifacts/presigned-download-url', 'runs:read', z.object({ run_id: Text.min(1), ...Presigned }), async ({ input }) => {
      checkedPath(input.path);
      await runs.find(input.run_id);
      return refuse('download');
    }),
    mlflowRoute('post', '/artifacts/presigned-upload-url', 'runs:write', z.object({ run_id: Text.optional(), model_id: Text.optional(), ...Presigned }), async ({ input }) => {
      if (Boolean(input.run_id) === Boolean(input.model_id)) {
        throw new InvalidInput('invalid_parameter', 'Exactly one of run_id and model_id must be provided.');
      }
      checkedPath(input.path);
      await (input.run_id ? runs.find(input.run_id) : loggedModels.get(input.model_id!));
      return refuse('upload');
    })
  ];
}

function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new InvalidInput('invalid_parameter', `Invalid value for parameter '${issue.path.map(String).join('.')}' supplied: ${issue.message}.`);
  }
  return result.data;
}

/** The folder stands in the address, the file's name in the body: older clients send their whole local path, also a Windows one. */
function targetOf(req: Request, path: string): string {
  return checkedPath(`${artifactPathOf(req)}/${path.split(/[/\\]/).at(-1)!}`);
}

/** As the client reached us, which may be through a proxy that speaks TLS for us: the answer is the client's alone. */
function originOf(req: Request): string {
  const isTls = req.protocol === 'https' || req.headers['x-forwarded-proto'] === 'https';
  return `${isTls ? 'https' : 'http'}://${req.get('host')}`;
}

function headersFor(req: Request): Record<string, string> {
  return req.headers.authorization === undefined ? {} : { authorization: req.headers.authorization };
}
