import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { personOf, serve } from '../core/endpoint-router';
import type { SchedulerControl } from './control';
import type { Scheduler } from './service';

export function schedulerRoutes(scheduler: Scheduler, { jobs, settings, cluster }: SchedulerControl): Router {
  const router = Router();
  const e = endpoints.scheduler;
  const done = async (work: Promise<void>): Promise<Record<string, never>> => (await work, {});
  serve(router, e.listJobs, ({ query: { mine, ...query }, caller }) => jobs.list({ ...query, ...(mine && { createdBy: caller.id }) }));
  serve(router, e.getJob, ({ params }) => jobs.get(params.jobId!));
  serve(router, e.liveJob, async ({ params }) => scheduler.live((await jobs.get(params.jobId!)).id));
  serve(router, e.cancelJob, ({ params, caller }) => jobs.cancel(params.jobId!, personOf(caller)));
  serve(router, e.editJob, ({ params, body, caller }) => jobs.edit(params.jobId!, body, personOf(caller)));
  serve(router, e.advice, () => jobs.advice());
  serve(router, e.cluster, () => cluster());
  serve(router, e.editNode, ({ params, body, caller }) => done(settings.editNode(params.nodeId!, body, personOf(caller))));
  serve(router, e.removeNode, ({ params, caller }) => done(settings.removeNode(params.nodeId!, personOf(caller))));
  serve(router, e.policy, () => settings.policy());
  serve(router, e.setPolicy, ({ body, caller }) => done(settings.setPolicy(body, personOf(caller))));
  serve(router, e.setQuota, ({ params, body, caller }) => done(settings.setQuota(params.project!, body, personOf(caller))));
  serve(router, e.removeQuota, ({ params, caller }) => done(settings.removeQuota(params.project!, personOf(caller))));
  serve(router, e.setLicence, ({ params, body, caller }) => done(settings.setLicence(params.name!, body.total, personOf(caller))));
  serve(router, e.removeLicence, ({ params, caller }) => done(settings.removeLicence(params.name!, personOf(caller))));
  serve(router, e.reserve, ({ body, caller }) => settings.reserve(body, personOf(caller)));
  serve(router, e.removeReservation, ({ params, caller }) => done(settings.removeReservation(params.reservationId!, personOf(caller))));
  serve(router, e.changes, ({ query }) => settings.changes(query));
  serve(router, e.listEngines, () => scheduler.listEngines());
  return router;
}
