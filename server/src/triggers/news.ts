import { createHash } from 'node:crypto';
import type { TriggerSource } from '@slipway/schema';
import type { EventRow, Signal, TriggerRow } from './tables';
import { isOfType, sourcesOf } from './when';

const FINAL = new Set(['succeeded', 'failed', 'cancelled']);

/** What an event tells the sources of a trigger. Events from before there was the trigger tell nothing. */
export function signalsOf(trigger: TriggerRow, event: EventRow): { place: string; signal: Signal }[] {
  if (trigger.spec.isPaused || event.at < trigger.created_at) {
    return [];
  }
  return sourcesOf(trigger.spec).flatMap(({ place, source }) => {
    const signal = signalOf(source, event);
    return signal ? [{ place, signal }] : [];
  });
}

/** A CloudEvent that is sent again, which its sender may do, is the one it was: by its source and its own id. */
function keyOf({ id, data }: EventRow): string {
  return data.specversion === undefined ? id : `cloud:${createHash('sha256').update(JSON.stringify([data.source, data.id])).digest('hex')}`;
}

function signalOf(source: TriggerSource, event: EventRow): Signal | null {
  if (source.kind === 'event') {
    const isMeant = isOfType(event.type, source.type) && (source.subject === undefined || source.subject === event.subject);
    return isMeant ? { key: keyOf(event), reason: `${event.type} of ${event.subject}.`, data: { type: event.type, subject: event.subject, ...event.data } } : null;
  }
  if (source.kind !== 'pipeline' || event.type !== 'run.changed') {
    return null;
  }
  const { pipeline, status, version, isTrial } = event.data;
  // Version 0 is the run of a check before saving; a trial of a sweep tries what may be worse.
  const isMeant = pipeline === source.pipeline && version !== 0 && isTrial !== true && FINAL.has(String(status)) && (source.on === 'any' || source.on === status);
  return isMeant ? { key: event.id, reason: `The pipeline ${source.pipeline} ${String(status)}.`, data: { pipeline, status, version, runId: event.subject } } : null;
}
