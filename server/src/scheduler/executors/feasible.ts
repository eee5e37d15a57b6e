import { amount, gib, type Demand } from '../policy';
import type { EngineConfig } from './config';

/** What an engine calls the first of the GPU models asked for that its configuration names; undefined for none. */
export function namedType<T>(names: Readonly<Record<string, T>>, asked: readonly string[]): T | undefined {
  const known = new Map(Object.entries(names).map(([model, name]) => [model.toLowerCase(), name]));
  return asked.map(model => known.get(model.toLowerCase())).find(name => name !== undefined);
}

/** Why the engine can never run what asks for this; null when it can. Judged here, for an engine may keep what can never run waiting for ever. */
export function neverThere(demand: Demand, config: EngineConfig, title: string): string | null {
  const { limits } = config;
  const { ranks } = demand;
  const engine = `${title} (${config.name})`;
  if (ranks > 1 && config.kind === 'ray') {
    return `It is a gang of ${ranks} processes; ${engine} is given one at a time. Run it on this machine (engine: local), on Slurm or on Kubernetes.`;
  }
  const kind = wrongKind(demand, config, engine);
  if (kind !== null) {
    return kind;
  }
  const [gpus, cpus, memoryBytes] = [demand.gpus * ranks, demand.cpus * ranks, demand.memoryBytes * ranks];
  if (gpus > limits.gpus) {
    return `It asks for ${gpus} GPU${gpus === 1 ? '' : 's'}; a job on ${engine} has ${limits.gpus === 0 ? 'none' : `at most ${limits.gpus}`}.`;
  }
  if (cpus > limits.cpus) {
    return `It asks for ${amount(cpus)} CPUs; a job on ${engine} has at most ${limits.cpus}.`;
  }
  return memoryBytes > limits.memory ? `It asks for ${gib(memoryBytes)} of memory; a job on ${engine} has at most ${gib(limits.memory)}.` : null;
}

/** Of GPUs only whole ones can be asked of an engine, of a model where its configuration says what it calls it. */
function wrongKind(demand: Demand, config: EngineConfig, engine: string): string | null {
  const { gpus, gpuTypes, gpuMemoryBytes, migProfile } = demand;
  if (gpus === 0) {
    return null;
  }
  if (!Number.isInteger(gpus)) {
    return `It asks for ${gpus} of a GPU; ${engine} gives whole ones only.`;
  }
  if (migProfile !== null) {
    return `It asks for MIG slices (${migProfile}); ${engine} gives whole GPUs only.`;
  }
  if (gpuTypes.length > 0 && namedType(typesOf(config), gpuTypes) === undefined) {
    const known = Object.keys(typesOf(config));
    return `It asks for ${gpuTypes.join(' or ')}; of ${engine} ${known.length === 0 ? 'no GPU types are' : `only ${known.join(', ')} ${known.length === 1 ? 'is' : 'are'}`} known${config.kind === 'ray' ? '' : ': name them under `gpuTypes` in engines.yaml'}.`;
  }
  return gpuMemoryBytes > 0 && gpuTypes.length === 0 ? `It asks for GPUs of ${gib(gpuMemoryBytes)}; how much those of ${engine} have is not known here. Ask for their type.` : null;
}

function typesOf(config: EngineConfig): Readonly<Record<string, unknown>> {
  return config.kind === 'ray' ? {} : config.kind === 'slurm' && config.gpuType !== undefined ? { [config.gpuType]: config.gpuType, ...config.gpuTypes } : config.gpuTypes;
}
