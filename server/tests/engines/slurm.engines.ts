import { readFileSync } from 'node:fs';
import { engineStory } from './story';

const { url, user, token } = JSON.parse(process.env.SLIPWAY_TEST_ENGINE!) as { url: string; user: string; token: string };

/** Of the last job of that label: its nodes, and what it had on each. */
async function placeOf(label: string): Promise<unknown> {
  const headers = { 'X-SLURM-USER-NAME': user, 'X-SLURM-USER-TOKEN': readFileSync(token, 'utf8').trim().replace('SLURM_JWT=', '') };
  const { jobs } = (await (await fetch(`${url}/slurm/v0.0.38/jobs`, { headers })).json()) as { jobs: { comment: string; nodes: string; tres_per_node: string }[] };
  const job = jobs.findLast(j => j.comment === label)!;
  return [job.nodes, job.tres_per_node];
}

describe('Slurm', () =>
  engineStory({
    kind: 'slurm',
    reach: () => url,
    configFor: door => ({ url: door, user, token: { file: token }, partition: 'main' }),
    gpu: /begun \d/,
    takesGangs: true,
    wide: { placeOf, place: ['n[0-1]', 'gres:gpu:2'] }
  }));
