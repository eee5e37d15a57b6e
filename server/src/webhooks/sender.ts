import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { createAddressRules } from './addresses';
import { signatureOf } from './secrets';

export interface Outgoing {
  url: string;
  deliveryId: string;
  body: string;
  secret: string | null;
}
export interface Answer {
  status: number;
  /** At most 10,000 bytes of it. */
  body: string;
  /** What the receiver asks us to wait. */
  retryAfterMs: number | null;
}
export type Send = ReturnType<typeof createSender>;
export type Post = ReturnType<typeof createPoster>;
export interface Posting {
  url: string;
  headers: Record<string, string>;
  body: string;
}

const TIMEOUT_MS = 10_000;
const BODY_BYTES = 10_000;

type Rules = Pick<ReturnType<typeof createAddressRules>, 'lookupFor'>;

/** Posts one webhook's event. */
export function createSender(rules: Rules, timeoutMs = TIMEOUT_MS) {
  const post = createPoster(rules, timeoutMs);
  /** @throws when no answer came in time, or the address is forbidden */
  return (message: Outgoing, stopped?: AbortSignal): Promise<Answer> => post({ url: message.url, headers: headersOf(message), body: message.body }, stopped);
}

/** Posts a text; no redirect is followed, no proxy asked, no connection kept. */
export function createPoster(rules: Rules, timeoutMs = TIMEOUT_MS) {
  /** @throws when no answer came in time, or the address is forbidden */
  return async function post(message: Posting, stopped?: AbortSignal): Promise<Answer> {
    const url = new URL(message.url);
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const lookup = rules.lookupFor(url);
    return new Promise<Answer>((resolve, reject) => {
      const outgoing = request(url, { method: 'POST', agent: false, headers: { 'content-length': String(Buffer.byteLength(message.body)), ...message.headers }, ...(lookup && { lookup }) }, incoming => {
        readSome(incoming).then(body => resolve({ status: incoming.statusCode ?? 0, body, retryAfterMs: retryAfter(incoming.headers['retry-after']) }), reject).finally(over);
      });
      const end = (why: string): void => {
        over();
        reject(new Error(why));
        outgoing.destroy();
      };
      const stop = (): void => end('The daemon stopped in the middle of it.');
      const timer = setTimeout(() => end(`No answer within ${timeoutMs / 1_000} s.`), timeoutMs);
      const over = (): void => {
        clearTimeout(timer);
        stopped?.removeEventListener('abort', stop);
      };
      stopped?.addEventListener('abort', stop);
      outgoing.on('error', error => {
        over();
        reject(error);
      });
      if (stopped?.aborted) {
        stop();
      } else {
        outgoing.end(message.body);
      }
    });
  };
}

function headersOf({ deliveryId, body, secret }: Outgoing): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  return {
    'content-type': body.startsWith('{"specversion"') ? 'application/cloudevents+json' : 'application/json',
    'user-agent': 'Slipway-Webhook',
    'X-MLflow-Delivery-Id': deliveryId,
    'X-MLflow-Timestamp': timestamp,
    ...(secret && { 'X-MLflow-Signature': signatureOf(secret, deliveryId, timestamp, body) })
  };
}

async function readSome(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > BODY_BYTES) {
      break; // which ends the connection
    }
  }
  // PostgreSQL keeps no NUL, and this may be shown.
  return Buffer.concat(chunks).subarray(0, BODY_BYTES).toString('utf8').replaceAll('\0', '\u2400');
}

function retryAfter(header: string | undefined): number | null {
  const ms = /^\d{1,9}$/.test(header ?? '') ? Number(header) * 1_000 : Date.parse(header ?? '') - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
