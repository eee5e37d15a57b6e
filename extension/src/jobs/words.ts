import type { TranslationBundle } from '@jupyterlab/translation';
import type { ClusterDevice, ClusterNode, Job, Reservation } from '@slipway/schema';
import { formatDuration } from '../core/format';

/** `4 GiB`, `512 MiB`: memory as it is asked for. */
export function formatMemory(bytes: number): string {
  const gibibytes = bytes / 2 ** 30;
  return gibibytes >= 1 ? `${Number(gibibytes.toFixed(1))} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** `3 · H100 80GB HBM3 · 79.6 GiB`: a GPU, or a slice of one, by its place on its node. */
export function gpuName({ type, migProfile, memoryBytes }: Pick<ClusterDevice, 'type' | 'migProfile' | 'memoryBytes'>, number: number): string {
  return `${number} · ${migProfile ?? type.replace(/^NVIDIA /, '')} · ${formatMemory(memoryBytes)}`;
}

/** `2 GPUs (H100), 4 CPUs, 16 GiB`: what a job asks for. */
export function askedOf({ resources: r }: Pick<Job, 'resources'>, trans: TranslationBundle): string {
  const gpus = r.gpus === 0 ? '' : r.gpus < 1 ? trans.__('%1 GPU', r.gpus) : trans._n('%1 GPU', '%1 GPUs', r.gpus);
  const of = r.migProfile ?? r.gpuTypes.join(' / ');
  const rest = [trans._n('%1 CPU', '%1 CPUs', r.cpus), formatMemory(r.memoryBytes)];
  const once = [gpus && of ? `${gpus} (${of})` : gpus, ...rest].filter(Boolean).join(', ');
  return r.ranks > 1 ? trans.__('%1 × (%2)', r.ranks, once) : once;
}

/** When a waiting job is expected to start, from now. */
export function expectedWords(job: Pick<Job, 'expectedStartAt'>, now: number, trans: TranslationBundle): string {
  if (job.expectedStartAt === null) {
    return '–';
  }
  const ms = Date.parse(job.expectedStartAt) - now;
  return ms < 5_000 ? trans.__('any moment') : trans.__('in about %1', formatDuration(ms));
}

/** How long a job runs by now, and when it is expected to end. */
export function runningWords(job: Pick<Job, 'startedAt' | 'expectedEndAt'>, now: number, trans: TranslationBundle): string {
  const since = formatDuration(Math.max(0, now - Date.parse(job.startedAt ?? '')));
  const left = job.expectedEndAt === null ? 0 : Date.parse(job.expectedEndAt) - now;
  return left > 60_000 ? trans.__('for %1, at most %2 more', since, formatDuration(left)) : trans.__('for %1', since);
}

/** A steady colour for a project, told from its name: an index of the palette. */
export function tintOf(project: string): number {
  let hash = 0;
  for (const letter of project) {
    hash = (hash * 31 + letter.codePointAt(0)!) % 1_000_003;
  }
  return hash % 6;
}

/** `node-a, node-b`, or `2 GPUs of node-a`: what is reserved. A node that is gone goes by its id. */
export function placesOf({ nodeIds, deviceIds }: Pick<Reservation, 'nodeIds' | 'deviceIds'>, nodes: readonly Pick<ClusterNode, 'id' | 'name'>[], trans: TranslationBundle): string {
  const names = nodeIds.map(id => nodes.find(n => n.id === id)?.name ?? id).join(', ');
  return deviceIds.length === 0 ? names : trans._n('%1 GPU of %2', '%1 GPUs of %2', deviceIds.length, names);
}
