import type { Message } from '../wire/message';
import type { LiveMetric } from './spec';

/** `slipway.step.live_metrics.MESSAGE`. */
const TYPE = 'slipway_metrics';
const LIMIT = 10_000;

/** Points of a message; none where it is no message of ours. */
export function liveMetricsOf({ header, content }: Message): LiveMetric[] {
  return header.msg_type === TYPE ? readPoints(content.points) : [];
}

/** Points as `[name, value, step]`, where those JSON has no number for are words. The user's code may send what it likes. */
export function readPoints(told: unknown): LiveMetric[] {
  return (Array.isArray(told) ? told : []).slice(0, LIMIT).flatMap((point: unknown) => {
    const [name, value, step] = Array.isArray(point) ? (point as unknown[]) : [];
    const isNumber = typeof value === 'number' || (typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value));
    return typeof name === 'string' && name.length <= 250 && isNumber && Number.isSafeInteger(step) ? [{ name, value: Number(value), step: step as number }] : [];
  });
}
