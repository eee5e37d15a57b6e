import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../core/endpoint-router';
import { draft, parseNotebook } from '../notebooks';
import { orchestrationRoutes } from './orchestration-routes';
import type { Pipelines } from './service';

export function pipelineRoutes(pipelines: Pipelines): Router {
  const router = Router();
  definitionRoutes(router, pipelines);
  scheduleRoutes(router, pipelines);
  runRoutes(router, pipelines);
  router.use(orchestrationRoutes(pipelines));
  return router;
}

function definitionRoutes(router: Router, { definitions, proofs }: Pipelines): void {
  const e = endpoints.pipelines;
  serve(router, e.draft, async ({ body }) => draft(parseNotebook(body.notebook), { sinks: body.sinks, grouping: body.grouping }));
  serve(router, e.prove, ({ body, caller }) => proofs.prove(body, caller.id));
  serve(router, e.proof, ({ params }) => proofs.get(params.proofId!));
  serve(router, e.cancelProof, ({ params }) => proofs.cancel(params.proofId!));
  serve(router, e.save, ({ body, caller }) => proofs.save(body, caller.id));
  serve(router, e.list, ({ caller }) => definitions.list(caller.id));
  serve(router, e.get, ({ params, caller }) => definitions.get(params.name!, caller.id));
  serve(router, e.markSeen, async ({ params, caller }) => {
    await definitions.markSeen(params.name!, caller.id);
    return {};
  });
  serve(router, e.remove, async ({ params }) => {
    await definitions.remove(params.name!);
    return {};
  });
  serve(router, e.restore, async ({ params, caller }) => {
    await definitions.restore(params.name!);
    return definitions.get(params.name!, caller.id);
  });
  serve(router, e.listVersions, ({ params }) => definitions.listVersions(params.name!));
  serve(router, e.version, ({ params }) => definitions.version(params.name!, versionNumber(params.version!)));
  serve(router, e.setSchedule, async ({ params, body, caller }) => {
    await definitions.setSchedule(params.name!, body, caller.id);
    return definitions.get(params.name!, caller.id);
  });
  serve(router, e.removeSchedule, async ({ params, caller }) => {
    await definitions.setSchedule(params.name!, null, caller.id);
    return definitions.get(params.name!, caller.id);
  });
}

function scheduleRoutes(router: Router, { definitions, schedules }: Pipelines): void {
  const e = endpoints.schedules;
  serve(router, e.list, async ({ params }) => {
    await definitions.existing(params.name!);
    return schedules.list(params.name!);
  });
  serve(router, e.create, async ({ params, body, caller }) => {
    await definitions.existing(params.name!);
    return schedules.create(params.name!, body, caller.id);
  });
  serve(router, e.get, ({ params }) => schedules.get(params.scheduleId!));
  serve(router, e.replace, ({ params, body, caller }) => schedules.replace(params.scheduleId!, body, caller.id));
  serve(router, e.remove, async ({ params }) => {
    await schedules.remove(params.scheduleId!);
    return {};
  });
  serve(router, e.fires, ({ params, query }) => schedules.fires(params.scheduleId!, query));
  serve(router, e.preview, async ({ body }) => schedules.preview(body));
}

function runRoutes(router: Router, pipelines: Pipelines): void {
  const e = endpoints.pipelines;
  serve(router, e.start, ({ params, body, caller }) => pipelines.start(params.name!, body, caller.id));
  serve(router, e.listRuns, ({ params, query }) => pipelines.listRuns(params.name!, query));
  serve(router, e.run, ({ params }) => pipelines.run(params.runId!));
  serve(router, e.cancelRun, ({ params }) => pipelines.cancel(params.runId!));
  serve(router, e.retryRun, ({ params, body }) => pipelines.retry(params.runId!, body));
  serve(router, e.rerun, ({ params, body, caller }) => pipelines.rerun(params.runId!, body, caller.id));
  serve(router, endpoints.notebookRuns.start, ({ body, caller }) => pipelines.startNotebook(body, caller.id));
  serve(router, endpoints.notebookRuns.list, ({ query }) => pipelines.listNotebookRuns(query));
  serve(router, e.findings, ({ params }) => pipelines.findings(params.runId!));
  serve(router, e.explainCache, ({ params }) => pipelines.explainCache(params.runId!, params.step!));
  serve(router, e.log, ({ params, query }) => pipelines.log(params.runId!, params.step!, query));
  serve(router, e.notebook, ({ params }) => pipelines.notebook(params.runId!, params.step!));
}

/** What is no number is no version: 0 is never one. */
function versionNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
