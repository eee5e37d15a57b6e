import { endpoints, ExportTarget } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../core/endpoint-router';
import { NotFound } from '../core/errors';
import { draftFiles } from './draft-files';
import { filesNeeded } from './read-sources';
import type { PipelineFilesService } from './service';

export function pipelineFileRoutes(files: PipelineFilesService): Router {
  const router = Router();
  const e = endpoints.pipelineFiles;
  serve(router, e.apply, ({ body, caller }) => files.apply(body, caller.id));
  serve(router, e.check, ({ body }) => files.check(body));
  serve(router, e.needed, async ({ body }) => {
    const { script, isScriptNeeded, notebooks } = filesNeeded(body);
    return { script: isScriptNeeded ? script : null, notebooks };
  });
  serve(router, e.draft, async ({ body }) => draftFiles(body));
  serve(router, e.files, ({ params, query }) => files.files(params.name!, query));
  serve(router, e.export, ({ params, query }) => files.export(params.name!, targetOf(params.target!), query.version));
  return router;
}

function targetOf(text: string): ExportTarget {
  const parsed = ExportTarget.safeParse(text);
  if (!parsed.success) {
    throw new NotFound('no_such_target', `Pipelines are exported to ${ExportTarget.options.join(', ')}; not to ${text}.`);
  }
  return parsed.data;
}
