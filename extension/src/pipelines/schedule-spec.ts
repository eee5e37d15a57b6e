import type { NewSchedule, PipelineSchedule } from '@slipway/schema';

/** A schedule without what the daemon keeps of it. */
export function specOf({ id: _id, pipeline: _pipeline, nextFireAt: _next, lastFireAt: _last, note: _note, waiting: _waiting, createdAt: _created, ...spec }: PipelineSchedule): NewSchedule {
  return spec;
}
