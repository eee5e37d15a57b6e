import { readPoints } from '../step/live-metrics';
import type { LiveMetric } from '../step/spec';
import type { StepUsage } from '../usage/usage-sampler';

/** A line of a parcel's `live`: what a step measured, or what it used of its node. */
export type LiveLine = { points: LiveMetric[] } | { usage: StepUsage };

/** The line without its end. */
export function writeLive(line: LiveLine): string {
  const told = 'usage' in line ? line : { points: line.points.map(({ name, value, step }) => [name, Number.isFinite(value) ? value : String(value), step]) };
  return JSON.stringify(told);
}

/** null for what is no such line: where there are no walls, a step can write there too. */
export function readLive(text: string): LiveLine | null {
  const told = parsed(text);
  if (told.usage !== undefined) {
    const usage = usageOf(told.usage);
    return usage && { usage };
  }
  const points = readPoints(told.points);
  return points.length > 0 ? { points } : null;
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function usageOf(told: unknown): StepUsage | null {
  const { at, ...rest } = (told ?? {}) as Record<string, unknown>;
  const amount = (name: keyof StepUsage): number | null => (typeof rest[name] === 'number' && rest[name] >= 0 ? rest[name] : null);
  return typeof at === 'number' && at >= 0 ? { at, gpuPercent: amount('gpuPercent'), gpuMemoryBytes: amount('gpuMemoryBytes'), gpuTotalBytes: amount('gpuTotalBytes'), memoryBytes: amount('memoryBytes') } : null;
}
