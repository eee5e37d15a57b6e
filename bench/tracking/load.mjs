import { request } from 'node:http';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

/** One call; answers the parsed body. @throws unless the status is 200 */
export function call(url, path, body) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const req = request(`${url}/api/2.0/mlflow${path}`, { method: text === undefined ? 'GET' : 'POST', ...(text && { headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } }) }, res => {
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
 * `clients` callers, each posting as soon as the last call has ended, for `ms`
 * milliseconds. On bare sockets: node's HTTP client takes as much of the two
 * cores as the server it measures.
 *
 * @param bodyOf what the n-th call posts
 * @returns calls a second, and the median and 95th percentile of a call, in ms
 * @throws when an answer is not 200
 */
export async function measure({ clients, ms, keepAlive, url, path, bodyOf }) {
  const { hostname, port } = new URL(url);
  const times = [];
  const start = performance.now();
  const until = start + ms;
  let n = 0;
  const client = async () => {
    let line;
    while (performance.now() < until) {
      const from = performance.now();
      line ??= openLine(hostname, port);
      await line.post(`/api/2.0/mlflow${path}`, JSON.stringify(bodyOf(n++)), keepAlive);
      times.push(performance.now() - from);
      line = keepAlive ? line : line.close();
    }
    line?.close();
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { perSecond: times.length / ((performance.now() - start) / 1000), p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95), calls: times.length };
}

/** A connection that posts JSON and awaits each answer whole, by its content-length. */
function openLine(hostname, port) {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let got = '';
  let waiting;
  const fail = error => waiting?.reject(error);
  socket.setEncoding('latin1');
  socket.on('data', part => {
    got += part;
    const head = got.indexOf('\r\n\r\n');
    const length = head < 0 ? undefined : Number(/content-length: (\d+)/i.exec(got)?.[1]);
    if (head < 0 || got.length < head + 4 + length) {
      return;
    }
    const answer = got;
    got = '';
    answer.startsWith('HTTP/1.1 200') ? waiting.resolve() : fail(new Error(answer.slice(0, 500)));
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('The server closed the connection.')));
  return {
    post(path, body, keepAlive) {
      socket.write(`POST ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${keepAlive ? '' : 'connection: close\r\n'}\r\n${body}`);
      return new Promise((resolve, reject) => (waiting = { resolve, reject }));
    },
    close() {
      waiting = undefined;
      socket.destroy();
    }
  };
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
