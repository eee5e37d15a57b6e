import type { V1Job, V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { parseEngines, type KubernetesConfig } from './config';
import { stateOf } from './kubernetes';
import { jobManifest } from './kubernetes-manifest';

const [config] = parseEngines(
  `engines:
  - { name: k, kind: kubernetes, namespace: ml, image: 'example.org/step:1', volume: { claim: shared }, queue: team, shared: { folder: /mnt/shared, onNodes: /shared }, nodes: { python: /usr/bin/python3 }, limits: { cpus: 8, memory: 64GiB, gpus: 2 } }`,
  'engines.yaml'
) as [KubernetesConfig];
const failed = (reason = 'BackoffLimitExceeded'): V1Job => ({ status: { failed: 1, conditions: [{ type: 'Failed', status: 'True', reason }] } });
const podWith = (status: V1Pod['status']): V1Pod => ({ status });
const terminated = (reason: string): V1Pod['status'] => ({ containerStatuses: [{ name: 'step', image: '', imageID: '', ready: false, restartCount: 0, state: { terminated: { exitCode: 137, reason } } }] });
const endOf = (job: V1Job, pod?: V1Pod) => {
  const state = stateOf(job, pod);
  return state.phase === 'ended' ? state.end : state.phase;
};

test('a job asks for what the step does, runs once, and waits for its queue to admit it', () => {
  const job = jobManifest(config, { name: 'slipway-1-1', label: 'churn / train', command: ['node', '/shared/r.cjs', '/shared/jobs/x'], folder: '/shared/jobs/x', outputFile: '/shared/jobs/x/engine.log', cpus: 2, memoryBytes: 2 ** 30, gpus: 1, gpuTypes: [], ranks: 1, timeoutMs: 60_000 });
  expect(job.metadata).toMatchObject({ name: 'slipway-1-1', namespace: 'ml', labels: { 'kueue.x-k8s.io/queue-name': 'team' } });
  expect(job.spec).toMatchObject({ backoffLimit: 0, suspend: true, activeDeadlineSeconds: 180, ttlSecondsAfterFinished: 3600 });
  expect([job.spec!.completions, job.spec!.completionMode]).toEqual([1, undefined]);
  const [container] = job.spec!.template.spec!.containers;
  expect(container!.resources!.limits).toEqual({ cpu: '2', memory: String(2 ** 30), 'nvidia.com/gpu': '1' });
  expect(container!.volumeMounts).toEqual([{ name: 'shared', mountPath: '/shared' }]);
  expect(job.spec!.template.spec).toMatchObject({ restartPolicy: 'Never', automountServiceAccountToken: false });
});

test('what a pod tells of its end counts before what its job does', () => {
  expect(endOf(failed(), podWith(terminated('OOMKilled')))).toBe('out_of_memory');
  expect(endOf(failed(), podWith(terminated('Error')))).toBe('failed');
  expect(endOf(failed('DeadlineExceeded'), podWith(terminated('Error')))).toBe('timeout');
  expect(endOf(failed(), podWith({ conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }] }))).toBe('preempted');
  expect(endOf(failed(), podWith({ conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' }] }))).toBe('node_lost');
  expect(endOf(failed(), undefined)).toBe('node_lost');
  const second = terminated('Error');
  second!.containerStatuses![0]!.state!.terminated!.exitCode = 75;
  expect(endOf(failed(), podWith(second))).toBe('preempted');
});

test('a job that waits says for what', () => {
  expect(stateOf({ spec: { suspend: true } as V1Job['spec'] }, undefined)).toEqual({ phase: 'waiting', detail: 'suspended until its queue admits it', isSuspended: true });
  expect(stateOf({}, podWith({ conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.' }] }))).toEqual({ phase: 'waiting', detail: '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.' });
  const pulling = podWith({ containerStatuses: [{ name: 'step', image: '', imageID: '', ready: false, restartCount: 0, state: { waiting: { reason: 'ImagePullBackOff' } } }] });
  expect(stateOf({}, pulling)).toEqual({ phase: 'waiting', detail: 'ImagePullBackOff' });
});
