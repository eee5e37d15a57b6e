import type { ApiException, BatchV1Api, CoreV1Api, V1Job, V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { ALREADY_RUN } from '@slipway/kernels-bridge';
import type { KubernetesConfig } from './config';
import { EngineRefused, EngineSilent, type EngineDriver, type EngineEnd, type EngineState } from './driver';
import { jobManifest } from './kubernetes-manifest';

interface Clients {
  batch: BatchV1Api;
  core: CoreV1Api;
}

/** Kubernetes Jobs. A job's id is its name, which is ours, so that none is made twice. */
export function createKubernetes(config: KubernetesConfig): EngineDriver {
  let made: Clients | undefined;
  const { namespace } = config;

  /** Read when first needed: a kubeconfig that is wrong is told of as an engine's fault, and the daemon starts. */
  async function api(): Promise<Clients> {
    if (!made) {
      const { BatchV1Api, CoreV1Api, KubeConfig } = await import('@kubernetes/client-node');
      const kube = new KubeConfig();
      if (config.kubeconfig === undefined) {
        kube.loadFromCluster();
      } else {
        kube.loadFromFile(config.kubeconfig);
      }
      if (config.context !== undefined) {
        kube.setCurrentContext(config.context);
      }
      made = { batch: kube.makeApiClient(BatchV1Api), core: kube.makeApiClient(CoreV1Api) };
    }
    return made;
  }

  /** The answer, or null for what is not there. */
  async function ask<T>(work: (clients: Clients) => Promise<T>): Promise<T | null> {
    try {
      return await work(await api());
    } catch (error) {
      if (isAnswer(error) && error.code === 404) {
        return null;
      }
      throw faultOf(error);
    }
  }

  return {
    async submit(job) {
      try {
        if ((await ask(({ batch }) => batch.createNamespacedJob({ namespace, body: jobManifest(config, job) }))) === null) {
          throw new EngineRefused(`there is no namespace ${namespace}`);
        }
      } catch (error) {
        if (!(error instanceof EngineRefused && isAnswer(error.cause) && error.cause.code === 409)) {
          throw error;
        } // an earlier call of ours whose answer we did not hear
      }
      return job.name;
    },
    find: async name => ((await ask(({ batch }) => batch.readNamespacedJob({ namespace, name }))) === null ? null : name),
    async look(handle) {
      const job = await ask(({ batch }) => batch.readNamespacedJob({ namespace, name: handle }));
      if (job === null) {
        return { phase: 'gone' };
      }
      const pods = await ask(({ core }) => core.listNamespacedPod({ namespace, labelSelector: `job-name=${handle}` }));
      return stateOf(job, podToTell(pods?.items ?? []));
    },
    async cancel(handle) {
      await ask(({ batch }) => batch.deleteNamespacedJob({ namespace, name: handle, propagationPolicy: 'Foreground' }));
    },
    async ping() {
      await ask(({ batch }) => batch.listNamespacedJob({ namespace, limit: 1 }));
    }
  };
}

/** Of several the one that tells most: which ran out of memory, else which has not begun. */
function podToTell(pods: readonly V1Pod[]): V1Pod | undefined {
  const stateIn = (pod: V1Pod) => pod.status?.containerStatuses?.[0]?.state;
  return pods.find(p => stateIn(p)?.terminated?.reason === 'OOMKilled') ?? pods.find(p => !stateIn(p)?.running && !stateIn(p)?.terminated) ?? pods.at(-1);
}

/** A pod says more than its job: a job of a pod that ran out of memory has merely failed. */
export function stateOf(job: V1Job, pod: V1Pod | undefined): EngineState {
  const condition = job.status?.conditions?.find(c => c.status === 'True' && ['Complete', 'Failed'].includes(c.type));
  const container = pod?.status?.containerStatuses?.[0];
  const message = `Kubernetes says ${[condition?.reason ?? condition?.type, container?.state?.terminated?.reason, pod?.status?.reason, condition?.message].filter(Boolean).join(', ')}.`;
  if (condition?.type === 'Complete') {
    return { phase: 'ended', end: 'succeeded', message };
  }
  if (condition) {
    return { phase: 'ended', end: endOf(condition.reason, pod), message };
  }
  if (job.spec?.suspend) {
    return { phase: 'waiting', detail: 'suspended until its queue admits it', isSuspended: true };
  }
  if (container?.state?.running || container?.state?.terminated) {
    return { phase: 'running' };
  }
  const unscheduled = pod?.status?.conditions?.find(c => c.type === 'PodScheduled' && c.status === 'False');
  const waiting = container?.state?.waiting;
  return { phase: 'waiting', detail: unscheduled?.message ?? (waiting ? [waiting.reason, waiting.message].filter(Boolean).join(': ') : null) };
}

function endOf(reason: string | undefined, pod: V1Pod | undefined): EngineEnd {
  const disruption = pod?.status?.conditions?.find(c => c.type === 'DisruptionTarget' && c.status === 'True')?.reason;
  if (reason === 'DeadlineExceeded') {
    return 'timeout';
  }
  if (pod?.status?.containerStatuses?.some(c => c.state?.terminated?.reason === 'OOMKilled')) {
    return 'out_of_memory';
  }
  if (pod?.status?.containerStatuses?.some(c => c.state?.terminated?.exitCode === ALREADY_RUN)) {
    return 'preempted'; // its queue suspended the job and admitted it again: a second pod, whose step was begun by the first
  }
  if (disruption === 'PreemptionByScheduler' || pod?.status?.reason === 'Preempting') {
    return 'preempted';
  }
  return disruption !== undefined || ['NodeLost', 'NodeShutdown', 'Terminated', 'Evicted'].includes(pod?.status?.reason ?? '') || pod === undefined ? 'node_lost' : 'failed';
}

/** An answer that says no, told by its shape: the client's classes are loaded late. */
function isAnswer(error: unknown): error is ApiException<unknown> {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'body' in error;
}

function faultOf(error: unknown): Error {
  if (isAnswer(error)) {
    const message = messageOf(error);
    const isAway = error.code >= 500 || error.code === 429 || error.code === 401 || error.code === 403;
    return isAway ? new EngineSilent(error.code === 401 || error.code === 403 ? `it does not accept our credential: ${message}` : message, { cause: error }) : new EngineRefused(message, { cause: error });
  }
  return new EngineSilent(error instanceof Error ? error.message : String(error), { cause: error });
}

function messageOf(error: ApiException<unknown>): string {
  try {
    const body = typeof error.body === 'string' ? (JSON.parse(error.body) as unknown) : error.body;
    return (body as { message?: string }).message ?? `it answered ${error.code}`;
  } catch {
    return `it answered ${error.code}`;
  }
}
