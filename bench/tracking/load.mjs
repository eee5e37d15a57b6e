import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

/** One call; answers the parsed body. @throws unless the status is 200 */
export function call(url, path, body, agent) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const req = request(`${url}/api/2.0/mlflow${path}`, { method: text === undefined ? 'GET' : 'POST', agent, ...(text && { headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } }) }, res => {
      const parts = [];
      res.on('data', part => parts.push(part));
      res.on('end', () => {
        const reply = Buffer.concat(parts).toString();
        res.statusCode === 200 ? resolve(JSON.parse(reply)) : reject(new Error(`${path}: ${res.statusCode} ${reply.slice(0, 300)}`));
      });
      res.on('error', reject);
    });
    req.on('error', reject);
    req.end(text);
  });
}

/**
 * `clients` callers, each calling as soon as the last call has ended, for `ms`
 * milliseconds.
 *
 * @returns calls a second, and the median and 95th percentile of a call, in ms
 */
export async function measure({ clients, ms, keepAlive, work }) {
  const agent = new Agent({ keepAlive, maxSockets: clients });
  const times = [];
  const start = performance.now();
  const until = start + ms;
  let n = 0;
  const client = async () => {
    while (performance.now() < until) {
      const from = performance.now();
      await work(n++, agent);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return { perSecond: times.length / ((performance.now() - start) / 1000), p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95), calls: times.length };
}

export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
}

/** How long each of `rounds` calls took, in ms, after ten that warm up. */
export async function timesOf(rounds, work) {
  const warming = 10;
  const times = [];
  for (let i = 0; i < warming + rounds; i++) {
    const start = performance.now();
    await work(i);
    times.push(performance.now() - start);
  }
  return times.slice(warming);
}

/** The i-th search: by a metric and a param, ordered by the metric. */
export function searchBody(experimentId, i) {
  return { experiment_ids: [experimentId], filter: `metrics.acc > 0.${i % 10} AND params.depth = '${i % 7}'`, order_by: ['metrics.acc DESC'], max_results: 50 };
}
