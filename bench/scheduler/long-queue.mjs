// How long the Jobs page waits for its answers while many thousand jobs do.
import { mkdirSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile, timesOf } from '../tracking/load.mjs';
import { startOurs, withClient } from '../tracking/servers.mjs';

const ROUNDS = 40;
/** The view is looked at anew once a second: each round meets a new one. */
const PAUSE_MS = 1_050;

/** Of a queue of `jobs` in fifty lines of five projects, behind one job that holds the whole node. */
export async function longQueue(folder, jobs, rounds = ROUNDS) {
  mkdirSync(folder, { recursive: true });
  const daemon = await startOurs(folder);
  const ask = async path => (await fetch(`${daemon.url}/api/v1${path}`)).json();
  try {
    const [node] = (await ask('/cluster')).nodes;
    await withClient({ ...daemon.postgres, database: 'slipway' }, client => fill(client, node, jobs));
    await sleep(PAUSE_MS);
    const { total, items } = await ask('/jobs?state=queued&limit=50');
    if (total !== jobs || items[0].position !== 1) throw new Error(`${total} jobs wait, the first at ${items[0]?.position}`);
    const page = () => ask('/jobs?state=queued&limit=50');
    const anew = [];
    for (let i = 0; i < rounds; i++) {
      await sleep(PAUSE_MS);
      const start = performance.now();
      await page();
      anew.push(performance.now() - start);
    }
    const again = await timesOf(rounds, page);
    return { jobs, anewP50Ms: quantile(anew, 0.5), anewP95Ms: quantile(anew, 0.95), againP50Ms: quantile(again, 0.5) };
  } finally {
    const ended = new Promise(resolve => daemon.child.once('exit', resolve));
    process.kill(daemon.pid, 'SIGTERM');
    await ended;
  }
}

async function fill(client, node, jobs) {
  const allocation = { parts: [{ nodeId: node.id, cpus: node.cpus.total, memoryBytes: node.memoryBytes.total, scratchBytes: 0, devices: [] }], licences: {} };
  const values = (state, over) => `insert into job (id, kind, label, state, cpus, memory_bytes, spec, log_key, project, rank, line, estimate_ms, worker_id, lease_until, started_at, allocation) select gen_random_uuid(), 'bench', 'bench / ' || i, '${state}', 1, 1048576, '{}', 'bench/' || i, 'p' || i % 5, extract(epoch from now()) * 1000 + i, md5((i % 50)::text), 600000 * (1 + i % 10), ${over}`;
  await client.query(`${values('running', `gen_random_uuid(), now() + interval '1 hour', now(), $1::jsonb`)} from generate_series(0, 0) i`, [JSON.stringify(allocation)]);
  await client.query(`${values('queued', 'null, null, null, null::jsonb')} from generate_series(1, $1::int) i`, [jobs]);
  await client.query('analyze job');
}
