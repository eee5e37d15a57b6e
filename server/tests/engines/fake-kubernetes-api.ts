import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { V1Job, V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };

const NAMESPACE = 'default';
/** Between two states of a pod, so that each can be seen. */
const STATE_MS = 300;
const GRACE_MS = 15_000;
/** After an eviction. */
const READMITTED_MS = 20_000;

/**
 * NOT Kubernetes: a fake of the part of its API that Slipway uses, which
 * answers as a real server of version 1.33 is documented to (states, reasons,
 * `Status` bodies of errors), and runs what a pod's container is asked to run
 * as a process of this machine. No real API server can be had from the package
 * registries the tests install from. A Job in a Kueue queue is admitted soon.
 */
export async function startFakeKubernetesApi() {
  const token = 'fake-token';
  const jobs = new Map<string, FakeJob>();
  const server = createServer((request, response) => void answer(request, response).catch(() => status(response, 500, 'InternalError', 'the fake failed')));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://fake');
    const [, jobName] = /^\/apis\/batch\/v1\/namespaces\/default\/jobs(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    const isJobs = url.pathname.startsWith(`/apis/batch/v1/namespaces/${NAMESPACE}/jobs`);
    if (request.headers.authorization !== `Bearer ${token}`) {
      return status(response, 401, 'Unauthorized', 'Unauthorized');
    }
    if (isJobs && request.method === 'POST') {
      const body = JSON.parse(await textOf(request)) as V1Job;
      const name = body.metadata!.name!;
      if (jobs.has(name)) {
        return status(response, 409, 'AlreadyExists', `jobs.batch "${name}" already exists`);
      }
      const job = createFakeJob(body);
      jobs.set(name, job);
      return reply(response, 201, job.job());
    }
    if (isJobs && jobName === undefined) {
      return reply(response, 200, { kind: 'JobList', apiVersion: 'batch/v1', metadata: {}, items: [...jobs.values()].map(job => job.job()) });
    }
    if (isJobs) {
      const job = jobs.get(jobName!);
      if (!job) {
        return status(response, 404, 'NotFound', `jobs.batch "${jobName}" not found`);
      }
      if (request.method === 'DELETE') {
        void job.end().then(() => jobs.delete(jobName!));
        return reply(response, 200, { kind: 'Status', apiVersion: 'v1', status: 'Success' });
      }
      return reply(response, 200, job.job());
    }
    if (url.pathname === `/api/v1/namespaces/${NAMESPACE}/pods`) {
      const wanted = url.searchParams.get('labelSelector')?.replace('job-name=', '');
      const items = wanted === undefined ? [] : (jobs.get(wanted)?.pods() ?? []);
      return reply(response, 200, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items });
    }
    return status(response, 404, 'NotFound', 'the server could not find the requested resource');
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Its part of engines.yaml where it is reached by `url`; its kubeconfig is put into `folder`. */
    configFor(url: string, folder: string): Record<string, unknown> {
      const kubeconfig = join(folder, 'config');
      const user = { name: 'me', user: { token } };
      writeFileSync(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'c', clusters: [{ name: 'c', cluster: { server: url, 'insecure-skip-tls-verify': true } }], users: [user], contexts: [{ name: 'c', context: { cluster: 'c', user: 'me' } }] }));
      return { kubeconfig, image: 'example.org/step:1', volume: { claim: 'shared' }, queue: 'team' };
    },
    /** Takes the place of the jobs whose pods run, as Kueue does for others: they are suspended, their pods deleted, and admitted again soon. */
    evict: (signal: 'SIGTERM' | 'SIGKILL'): void => jobs.forEach(job => job.evict(signal)),
    names: (): string[] => [...jobs.keys()],
    /** Jobs whose pods have not ended. */
    running: (): number => [...jobs.values()].filter(job => job.job().status?.conditions === undefined).length,
    async end(): Promise<void> {
      await Promise.all([...jobs.values()].map(job => job.end()));
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    }
  };
}

interface FakeJob {
  job(): V1Job;
  pods(): V1Pod[];
  evict(signal: 'SIGTERM' | 'SIGKILL'): void;
  end(): Promise<void>;
}

/** suspended → pending → running → over, as a Job whose pods are not tried again. */
function createFakeJob(body: V1Job): FakeJob {
  const job: V1Job = { ...body, metadata: { ...body.metadata, uid: body.metadata!.name }, status: {} };
  const count = body.spec!.completions ?? 1;
  let pods: V1Pod[] = [];
  let children: ChildProcess[] = [];
  let isEvicted = false;
  let timer = setTimeout(admit, STATE_MS);
  let ended: Promise<unknown> = Promise.resolve();

  function admit(): void {
    job.spec!.suspend = false;
    pods = Array.from({ length: count }, (_, i) => ({ metadata: { name: `${body.metadata!.name}-${i}`, labels: { 'job-name': body.metadata!.name! } }, status: { phase: 'Pending', containerStatuses: [containerStatus({ waiting: { reason: 'ContainerCreating' } })] } }));
    timer = setTimeout(run, STATE_MS);
  }

  function run(): void {
    const [command, ...args] = body.spec!.template.spec!.containers[0]!.command!;
    const isIndexed = body.spec!.completionMode === 'Indexed';
    const codes = pods.map((pod, i) => {
      const child = spawn(command!, args, { stdio: 'ignore', env: { PATH: process.env.PATH, HOME: process.env.HOME, ...(isIndexed && { JOB_COMPLETION_INDEX: String(i) }) } });
      children.push(child);
      pod.status = { phase: 'Running', containerStatuses: [containerStatus({ running: {} as never })] };
      return new Promise<number>(resolve => child.once('close', (code, signal) => resolve(left(pod, code ?? (signal === 'SIGKILL' ? 137 : 143)))));
    });
    ended = Promise.all(codes).then(over);
  }

  /** A pod has ended; one that failed is the end of all, as nothing is tried again. */
  function left(pod: V1Pod, exitCode: number): number {
    pod.status = { phase: exitCode === 0 ? 'Succeeded' : 'Failed', containerStatuses: [containerStatus({ terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' } })] };
    if (exitCode !== 0) {
      children.forEach(child => child.kill('SIGTERM'));
    }
    return exitCode;
  }

  function over(codes: number[]): void {
    if (isEvicted) {
      [isEvicted, pods, children] = [false, [], []];
      timer = setTimeout(admit, READMITTED_MS);
      return;
    }
    const isDone = codes.every(code => code === 0);
    const condition = isDone ? { type: 'Complete', status: 'True' } : { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
    job.status = { ...(isDone ? { succeeded: 1 } : { failed: 1 }), conditions: [condition] };
  }

  return {
    job: () => job,
    pods: () => pods,
    evict(signal) {
      if (children.length > 0 && job.status!.conditions === undefined) {
        isEvicted = job.spec!.suspend = true;
        children.forEach(child => child.kill(signal));
      }
    },
    async end() {
      clearTimeout(timer);
      children.forEach(child => child.kill('SIGTERM'));
      const killer = setTimeout(() => children.forEach(child => child.kill('SIGKILL')), GRACE_MS);
      await ended;
      clearTimeout(killer);
    }
  };
}

function containerStatus(state: NonNullable<NonNullable<V1Pod['status']>['containerStatuses']>[number]['state']) {
  return { name: 'step', image: 'example.org/step:1', imageID: '', ready: state?.running !== undefined, restartCount: 0, state };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
  }
  return text;
}

function reply(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function status(response: ServerResponse, code: number, reason: string, message: string): void {
  reply(response, code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code });
}
