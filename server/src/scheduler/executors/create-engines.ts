import type { BlobStore } from '@slipway/kernels-bridge';
import { NotFound } from '../../core/errors';
import type { Log } from '../../core/log';
import { NO_SECRETS, type Executor, type SecretSource } from '../executor';
import { demandOf } from '../demand-of';
import { plus } from '../policy';
import { createConduct } from './conduct';
import type { EngineConfig } from './config';
import { createContact, type Contact } from './contact';
import { EngineSilent, type EngineDriver } from './driver';
import { NO_ENGINES, unknownEngine, type Engines, type EngineState } from './engines';
import { neverThere } from './feasible';
import { createKubernetes } from './kubernetes';
import { createParcels, type Parcels } from './parcels';
import { createRay } from './ray';
import { createSlurm } from './slurm';

const TITLES = { slurm: 'Slurm', ray: 'Ray', kubernetes: 'Kubernetes' } as const;

interface Site {
  config: EngineConfig;
  title: string;
  driver: EngineDriver;
  contact: Contact;
  parcels: Parcels;
  executor: Executor;
  /** What is to be told of jobs there, by their ids. */
  notes: Map<string, string | null>;
  /** Parcels by the ids of jobs whose outcome was told, which go once it is stored. */
  told: Map<string, string>;
}

/** The engines of a configuration. Nothing is asked of them before there is a job for them, or somebody looks. */
export function createEngines(deps: {
  configs: readonly EngineConfig[];
  blobs: BlobStore;
  secrets?: SecretSource;
  runtimeFolders: { runner: string; python: string };
  environmentLock: (kernelName: string) => Promise<string>;
  environment: NodeJS.ProcessEnv;
  log: Log;
}): Engines {
  const sites = new Map(deps.configs.map(config => [config.name, siteOf(config, deps)]));
  const siteWith = (name: string): Site => {
    const site = sites.get(name);
    if (!site) {
      throw new NotFound('engine_not_found', `There is no engine ${name}: engines.yaml in Slipway’s home names ${[...sites.keys()].join(', ') || 'none'}.`);
    }
    return site;
  };

  return {
    names: [...sites.keys()],
    size: deps.configs.map(({ limits: { cpus, memory, gpus } }) => ({ cpus, memoryBytes: memory, gpus })).reduce((all, one) => plus(all, one), NO_ENGINES.size),
    executorOf: name => siteWith(name).executor,
    roomOn: (name, running) => siteWith(name).config.limits.maxJobs - running,
    whyNever(name, demand) {
      const { config, title } = siteWith(name);
      return neverThere(demand, config, title);
    },
    pendingReason(job, heldBack) {
      const site = sites.get(job.engine!);
      if (!site) {
        return unknownEngine(job.engine!);
      }
      const waitMs = job.not_before.getTime() - Date.now();
      return neverThere(demandOf(job), site.config, site.title) ?? (waitMs > 0 ? `Tried again in ${Math.ceil(waitMs / 1000)} s.` : (site.contact.note() ?? heldBack ?? `Waits for a place on ${site.title}: it has at most ${site.config.limits.maxJobs} of our jobs at once.`));
    },
    noteOf: jobId => [...sites.values()].map(site => site.notes.get(jobId)).find(note => note != null) ?? null,
    forget(jobId) {
      for (const site of sites.values()) {
        const parcel = site.told.get(jobId);
        site.told.delete(jobId);
        if (parcel !== undefined) {
          void site.parcels.remove(parcel).catch(err => deps.log.warn({ err, parcel }, 'what a job left in an engine’s shared folder could not be removed'));
        }
      }
    },
    list: () => Promise.all([...sites.values()].map(describe))
  };
}

function siteOf(config: EngineConfig, deps: Parameters<typeof createEngines>[0]): Site {
  const title = TITLES[config.kind];
  const driver = config.kind === 'slurm' ? createSlurm(config, deps.environment) : config.kind === 'ray' ? createRay(config, deps.environment) : createKubernetes(config);
  const contact = createContact(title);
  const parcels = createParcels({ secrets: NO_SECRETS, ...deps, config });
  const notes = new Map<string, string | null>();
  const told = new Map<string, string>();
  const executor: Executor = {
    outlivesDaemon: true,
    checkpoints: parcels.checkpoints,
    async run(job, observer) {
      try {
        const outcome = await createConduct({ config, title, driver, contact, parcels, tell: note => notes.set(job.id, note) }).run(job, observer);
        if (!observer.letGo.aborted) {
          told.set(job.id, `slipway-${job.id}-${job.attempt}`);
        }
        return outcome;
      } finally {
        notes.delete(job.id);
      }
    }
  };
  return { config, title, driver, contact, parcels, executor, notes, told };
}

async function describe({ config, title, driver, contact }: Site): Promise<EngineState> {
  let fault: string | null = null;
  try {
    await contact.once(() => driver.ping());
  } catch (error) {
    fault = `${title} ${error instanceof EngineSilent ? 'does not answer' : 'turned us away'}: ${(error as Error).message}. Its address and credential are those of \`${config.name}\` in engines.yaml.`;
  }
  const { cpus, memory, gpus, maxJobs } = config.limits;
  return {
    name: config.name,
    kind: config.kind,
    address: config.kind === 'kubernetes' ? `${config.context ?? config.kubeconfig ?? 'the cluster we run in'}, ${config.namespace}` : config.url,
    isAnswering: fault === null,
    message: fault,
    lastAnswerAt: contact.lastAnswerAt()?.toISOString() ?? null,
    limits: { cpus, memoryBytes: memory, gpus, maxJobs }
  };
}
