import { z } from 'zod';
import type { SlurmConfig } from './config';
import { EngineRefused, EngineSilent, type EngineDriver, type EngineEnd, type EngineState } from './driver';
import { namedType } from './feasible';
import { createHttp, credentialOf, type Answer } from './http-json';
import { shellQuoted } from './shell';

/** Of slurmrestd 22.05: the version our tests run. */
const API = '/slurm/v0.0.38';
/** Slurm kills by its own clock only what our runner could not stop. */
const SPARE_MS = 120_000;

const Job = z.object({ job_id: z.number(), name: z.string(), job_state: z.string(), state_reason: z.string().nullish(), exit_code: z.number().nullish(), nodes: z.string().nullish() });
const Jobs = z.object({ jobs: z.array(Job).default([]) });
const Submitted = z.object({ job_id: z.number() });
const Faults = z.object({ errors: z.array(z.object({ error: z.string().nullish(), error_number: z.number().nullish(), description: z.string().nullish() })).min(1) });

const ENDS: Record<string, EngineEnd> = {
  COMPLETED: 'succeeded',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  OUT_OF_MEMORY: 'out_of_memory',
  TIMEOUT: 'timeout',
  DEADLINE: 'timeout',
  NODE_FAIL: 'node_lost',
  BOOT_FAIL: 'node_lost',
  PREEMPTED: 'preempted'
};

/** Slurm by its REST daemon, with a JSON web token. */
export function createSlurm(config: SlurmConfig, environment: NodeJS.ProcessEnv): EngineDriver {
  const http = createHttp(config.url, () => ({ 'X-SLURM-USER-NAME': config.user, 'X-SLURM-USER-TOKEN': credentialOf(config.token, environment) }));

  /** The answer, or null for a job Slurm does not know. */
  async function ask(...question: Parameters<typeof http>): Promise<unknown> {
    const answer = await http(...question);
    const fault = faultOf(answer);
    if (fault === null) {
      return answer.body;
    }
    if (/invalid job id/i.test(fault)) {
      return null;
    }
    // It answers 500 to a bad request, and to one it could not carry to its controller.
    const isAway = answer.status === 401 || answer.status === 403 || answer.status === 502 || answer.status === 503 || /contact|connect|communicat|timed out|zero bytes|authenticat|token/i.test(fault);
    throw isAway ? new EngineSilent(fault) : new EngineRefused(fault);
  }

  return {
    async submit(job) {
      const type = namedType(config.gpuTypes, job.gpuTypes) ?? config.gpuType;
      const gres = job.gpus > 0 ? { gres: `gpu:${type === undefined ? '' : `${type}:`}${job.gpus}` } : {};
      const memoryMib = Math.ceil(job.memoryBytes / 2 ** 20);
      const command = job.command.map(shellQuoted).join(' ');
      const body = await ask('POST', `${API}/job/submit`, {
        script: `#!/bin/sh\nexec ${job.ranks > 1 ? `srun ${command}` : command}\n`,
        job: {
          name: job.name,
          comment: job.label.slice(0, 200),
          ...(config.partition !== undefined && { partition: config.partition }),
          ...(config.account !== undefined && { account: config.account }),
          ...(config.qos !== undefined && { qos: config.qos }),
          current_working_directory: job.folder,
          standard_output: job.outputFile,
          standard_error: job.outputFile,
          tasks: job.ranks,
          // Its generic resources are by the node: a rank with GPUs has one to itself.
          ...(job.ranks > 1 && job.gpus > 0 && { nodes: [job.ranks, job.ranks], tasks_per_node: 1 }),
          cpus_per_task: Math.ceil(job.cpus),
          ...(job.ranks > 1 ? { memory_per_cpu: Math.ceil(memoryMib / Math.ceil(job.cpus)) } : { memory_per_node: memoryMib }),
          time_limit: Math.ceil((job.timeoutMs + SPARE_MS) / 60_000),
          requeue: false, // whether it is tried again is ours to say
          ...gres,
          environment: { PATH: '/usr/local/bin:/usr/bin:/bin' }
        }
      });
      return String(Submitted.parse(body).job_id);
    },
    async find(name) {
      const { jobs } = Jobs.parse((await ask('GET', `${API}/jobs`)) ?? {});
      const found = jobs.findLast(job => job.name === name);
      return found ? String(found.job_id) : null;
    },
    async look(handle) {
      const body = await ask('GET', `${API}/job/${handle}`);
      const job = body === null ? undefined : Jobs.parse(body).jobs.at(-1);
      return job ? stateOf(job) : { phase: 'gone' };
    },
    async cancel(handle) {
      await ask('DELETE', `${API}/job/${handle}`);
    },
    async ping() {
      await ask('GET', `${API}/ping`);
    }
  };
}

function stateOf(job: z.infer<typeof Job>): EngineState {
  const end = ENDS[job.job_state];
  if (end !== undefined) {
    return { phase: 'ended', end, message: `Slurm says ${job.job_state}${job.state_reason && job.state_reason !== 'None' ? ` (${job.state_reason})` : ''}${job.nodes ? ` on ${job.nodes}` : ''}.` };
  }
  return job.job_state === 'PENDING' || job.job_state === 'CONFIGURING' ? { phase: 'waiting', detail: job.state_reason && job.state_reason !== 'None' ? job.state_reason : null } : { phase: 'running' };
}

function faultOf({ status, body }: Answer): string | null {
  const faults = Faults.safeParse(body);
  if (faults.success) {
    return faults.data.errors.map(e => e.error || e.description || `error ${e.error_number ?? '?'}`).join('; ');
  }
  return status >= 200 && status < 300 ? null : status === 401 || status === 403 ? 'it does not accept our token' : `it answered ${status}, and nothing more; is it still starting, or its controller away? (connect)`;
}
