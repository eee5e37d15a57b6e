import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const CHUNK = 2 ** 20;

/** Seconds that work takes. */
export async function seconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Sends a file to a socket and waits for its word that it is stored. */
export async function sendPlain(port, file) {
  const socket = connect(port, '127.0.0.1');
  const answered = new Promise((resolve, reject) => socket.once('data', resolve).once('error', reject));
  await pipeline(createReadStream(file, { highWaterMark: CHUNK }), socket);
  await answered;
}

export function takePlain(port, into) {
  return pipeline(connect(port, '127.0.0.1'), sink(into));
}

/** Uploads a file as MLflow's client does: one PUT. */
export function put(url, file, sizeBytes) {
  return new Promise((resolve, reject) => {
    const req = request(url, { method: 'PUT', headers: { 'content-type': 'application/octet-stream', 'content-length': sizeBytes } }, res => {
      res.resume().on('end', () => (res.statusCode === 200 ? resolve() : reject(new Error(`PUT was answered ${res.statusCode}`))));
    });
    req.on('error', reject);
    pipeline(createReadStream(file, { highWaterMark: CHUNK }), req).catch(reject);
  });
}

export function get(url, into) {
  return new Promise((resolve, reject) => {
    request(url, res => {
      if (res.statusCode !== 200) reject(new Error(`GET was answered ${res.statusCode}`));
      pipeline(res, sink(into)).then(resolve, reject);
    }).on('error', reject).end();
  });
}

/** A file, or nothing where only the way is measured. */
function sink(into) {
  return into === null ? new Writable({ write: (_chunk, _encoding, done) => done() }) : createWriteStream(into, { highWaterMark: CHUNK });
}

export const remove = path => rm(path, { force: true });
