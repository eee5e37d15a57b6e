import { z } from 'zod';
import type { RayConfig } from './config';
import { EngineRefused, EngineSilent, type EngineDriver, type EngineState } from './driver';
import { createHttp, credentialOf } from './http-json';
import { shellQuoted } from './shell';

const Job = z.object({ status: z.string(), message: z.string().nullish(), driver_exit_code: z.number().nullish(), error_type: z.string().nullish() });

/** Ray by its Jobs REST API. A job's id there is the name we give it. */
export function createRay(config: RayConfig, environment: NodeJS.ProcessEnv): EngineDriver {
  const http = createHttp(config.url, (): Record<string, string> => (config.token ? { authorization: `Bearer ${credentialOf(config.token, environment)}` } : {}));

  /** The answer, or null where Ray has no such thing. */
  async function ask(...question: Parameters<typeof http>): Promise<unknown> {
    const { status, body } = await http(...question);
    if (status >= 200 && status < 300) {
      return body;
    }
    const text = (typeof body === 'string' ? body : JSON.stringify(body)).trim().split('\n').at(-1) ?? '';
    if (status === 404) {
      return null;
    }
    if (status === 401 || status === 403) {
      throw new EngineSilent('it does not accept our token');
    }
    throw status === 400 || /ValueError|already exists|Invalid/.test(text) ? new EngineRefused(text) : new EngineSilent(`it answered ${status}: ${text}`);
  }

  return {
    async submit(job) {
      const command = job.command.map(shellQuoted).join(' ');
      try {
        await ask('POST', '/api/jobs/', {
          submission_id: job.name,
          entrypoint: `exec ${command} >> ${shellQuoted(job.outputFile)} 2>&1`,
          entrypoint_num_cpus: job.cpus,
          entrypoint_num_gpus: job.gpus,
          entrypoint_memory: job.memoryBytes,
          metadata: { job_name: job.label.slice(0, 200) }
        });
      } catch (error) {
        if (!(error instanceof EngineRefused && error.message.includes('already exists'))) {
          throw error;
        } // an earlier call of ours whose answer we did not hear
      }
      return job.name;
    },
    find: async name => ((await ask('GET', `/api/jobs/${name}`)) === null ? null : name),
    async look(handle) {
      const body = await ask('GET', `/api/jobs/${handle}`);
      return body === null ? { phase: 'gone' } : stateOf(Job.parse(body));
    },
    async cancel(handle) {
      await ask('POST', `/api/jobs/${handle}/stop`);
    },
    async ping() {
      if ((await ask('GET', '/api/version')) === null) {
        throw new EngineSilent('there is no Ray dashboard at this address');
      }
    }
  };
}

function stateOf(job: z.infer<typeof Job>): EngineState {
  const message = (job.message ?? '').trim().split('\n').at(-1) ?? '';
  switch (job.status) {
    case 'PENDING':
      return { phase: 'waiting', detail: /waiting/i.test(message) ? 'no node has room yet' : message || null };
    case 'RUNNING':
      return { phase: 'running' };
    case 'SUCCEEDED':
      return { phase: 'ended', end: 'succeeded', message: 'Ray says SUCCEEDED.' };
    case 'STOPPED':
      return { phase: 'ended', end: 'cancelled', message: 'Ray says STOPPED.' };
    default:
      // The driver's own exit has a code; without one its node, or what watches over it there, is gone.
      return { phase: 'ended', end: /memory monitor|OutOfMemory|OOM/i.test(message) ? 'out_of_memory' : job.driver_exit_code == null ? 'node_lost' : 'failed', message: `Ray says ${job.status}: ${message}` };
  }
}
