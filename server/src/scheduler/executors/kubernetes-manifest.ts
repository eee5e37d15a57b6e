import { dirname } from 'node:path';
import type { V1Job } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { KubernetesConfig } from './config';
import type { EngineJob } from './driver';
import { namedType } from './feasible';

/** Kubernetes ends by its own clock only what our runner could not stop. */
const SPARE_SECONDS = 120;

/** One pod, once, or one for each rank of a gang: whether it is tried again is ours to say. */
export function jobManifest(config: KubernetesConfig, job: EngineJob): V1Job {
  const { onNodes } = config.shared;
  const mountPath = onNodes ?? dirname(dirname(job.folder));
  const amounts = { cpu: String(job.cpus), memory: String(job.memoryBytes), ...(job.gpus > 0 && { [config.gpuResource]: String(job.gpus) }) };
  const labels = { 'app.kubernetes.io/managed-by': 'slipway', ...(config.queue !== undefined && { 'kueue.x-k8s.io/queue-name': config.queue }) };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: job.name, namespace: config.namespace, labels, annotations: { 'slipway/label': job.label.slice(0, 200) } },
    spec: {
      backoffLimit: 0,
      parallelism: job.ranks,
      completions: job.ranks,
      ...(job.ranks > 1 && { completionMode: 'Indexed' }), // tells each pod its JOB_COMPLETION_INDEX
      suspend: config.queue !== undefined, // Kueue admits it by lifting this
      activeDeadlineSeconds: Math.ceil(job.timeoutMs / 1000) + SPARE_SECONDS,
      ttlSecondsAfterFinished: config.keepSeconds,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false, // the step has no business with the cluster
          nodeSelector: { ...config.nodeSelector, ...namedType(config.gpuTypes, job.gpuTypes) },
          ...(config.serviceAccount !== undefined && { serviceAccountName: config.serviceAccount }),
          containers: [
            {
              name: 'step',
              image: config.image,
              command: ['/bin/sh', '-c', 'exec "$@" >> "$0" 2>&1', job.outputFile, ...job.command],
              resources: { requests: amounts, limits: amounts },
              volumeMounts: [{ name: 'shared', mountPath }]
            }
          ],
          volumes: [{ name: 'shared', persistentVolumeClaim: { claimName: config.volume.claim } }]
        }
      }
    }
  };
}
