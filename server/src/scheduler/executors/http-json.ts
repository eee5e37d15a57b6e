import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Credential } from './config';
import { EngineSilent } from './driver';

const TIMEOUT_MS = 15_000;
const LARGEST_ANSWER = 64 * 2 ** 20;

export interface Answer {
  status: number;
  /** The body as JSON, or its text where it is none. */
  body: unknown;
}
export type AskHttp = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<Answer>;

/**
 * JSON over node:http: Ray's server turns away what `fetch` sends. Header
 * values are made anew for each call, so that a renewed token is used at once.
 *
 * @throws {EngineSilent} where no answer came
 */
export function createHttp(base: string, headers: () => Record<string, string>): AskHttp {
  const request = base.startsWith('https:') ? httpsRequest : httpRequest;
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const failed = (error: Error): void => reject(new EngineSilent(error.message, { cause: error }));
      const text = body === undefined ? undefined : JSON.stringify(body);
      let made: Record<string, string>;
      try {
        made = headers();
      } catch (error) {
        return failed(error as Error);
      }
      const type = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
      const asked = request(base.replace(/\/+$/, '') + path, { method, headers: { accept: 'application/json', ...made, ...type }, timeout: TIMEOUT_MS }, response => {
        const chunks: Buffer[] = [];
        let sizeBytes = 0;
        response.on('data', (chunk: Buffer) => {
          sizeBytes += chunk.length;
          if (sizeBytes > LARGEST_ANSWER) response.destroy(new Error('the answer is larger than 64 MiB'));
          else chunks.push(chunk);
        });
        response.on('error', failed);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString()) }));
      });
      asked.on('timeout', () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      asked.on('error', failed);
      asked.end(text);
    });
}

/** A credential's value, without the line's end; `scontrol token` writes `SLURM_JWT=` before it. @throws naming where it should be */
export function credentialOf(credential: Credential, environment: NodeJS.ProcessEnv): string {
  const value = 'file' in credential ? read(credential.file) : environment[credential.environment];
  const token = value?.trim().replace(/^SLURM_JWT=/, '');
  if (!token) {
    throw new Error('file' in credential ? `no token can be read from ${credential.file}` : `${credential.environment} is not in the daemon’s environment`);
  }
  return token;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
