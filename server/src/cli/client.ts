import { readFileSync } from 'node:fs';
import { Problem, type Endpoint } from '@slipway/schema';
import type { z } from 'zod';
import { readConfig } from '../core/config';
import { homePaths } from '../daemon';
import { CliError, EXIT } from './output';

type In<T> = T extends z.ZodType ? z.input<T> : undefined;
export interface CallInput<E extends Endpoint> {
  params?: Record<string, string>;
  query?: In<E['query']>;
  body?: In<E['body']>;
}
export type Client = ReturnType<typeof createClient>;

/** The daemon this command talks to: SLIPWAY_URL, else the one of the home (`--home`, SLIPWAY_HOME, `~/.slipway`). */
export function findDaemon(home?: string): { url: string; token: string | null } {
  const config = readConfig(process.env);
  const paths = homePaths(home ?? config.home, config.runtimeBase);
  const url = config.url ?? readJson<{ url: string }>(paths.daemonFile)?.url;
  if (!url) {
    throw noDaemon(`No daemon runs on ${paths.home}.`);
  }
  return { url: url.replace(/\/$/, ''), token: config.token ?? read(paths.token)?.trim() ?? null };
}

/** Calls the daemon by the contract: `call(endpoints.pipelines.get, { params: { name } })`. */
export function createClient(daemon: { url: string; token: string | null }) {
  return {
    url: daemon.url,
    /** @throws {CliError} no daemon there (3), not permitted (4), refused (2, or 1 where the state forbids it) */
    async call<E extends Endpoint>(endpoint: E, input: CallInput<E> = {}): Promise<z.output<E['reply']>> {
      const path = endpoint.path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(input.params?.[key] ?? ''));
      const url = new URL(`${daemon.url}/api/v1${path}`);
      for (const [key, value] of Object.entries(input.query ?? {})) {
        if (value !== undefined) {
          url.searchParams.set(key, String(value));
        }
      }
      const response = await fetch(url, {
        method: endpoint.method.toUpperCase(),
        headers: {
          ...(daemon.token && { authorization: `Bearer ${daemon.token}` }),
          ...(input.body !== undefined && { 'content-type': 'application/json' })
        },
        body: input.body === undefined ? undefined : JSON.stringify(input.body)
      }).catch((cause: unknown) => {
        throw noDaemon(`Nobody answers at ${daemon.url} (${cause instanceof Error ? String(cause.cause ?? cause.message) : ''}).`);
      });
      const json: unknown = await response.json().catch(() => undefined);
      if (response.ok) {
        return endpoint.reply.parse(json) as z.output<E['reply']>;
      }
      throw refusal(response.status, json);
    }
  };
}

function noDaemon(why: string): CliError {
  return new CliError(EXIT.noDaemon, 'no_daemon', `${why} Start one with \`npx slipway start\`.`);
}

function refusal(status: number, json: unknown): CliError {
  const problem = Problem.safeParse(json).data;
  const exitCode = status === 401 || status === 403 ? EXIT.notPermitted : status === 400 || status === 404 || status === 422 ? EXIT.usage : EXIT.failed;
  return new CliError(exitCode, problem?.code ?? `http_${status}`, problem?.detail ?? `The daemon answered ${status}.`);
}

function readJson<T>(file: string): T | undefined {
  const text = read(file);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
