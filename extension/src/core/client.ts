import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { Problem, type Endpoint } from '@slipway/schema';
import type { z } from 'zod';
import { SlipwayError } from './slipway-error';

type In<T> = T extends z.ZodType ? z.input<T> : undefined;

export interface CallInput<E extends Endpoint> {
  params?: Record<string, string>;
  query?: In<E['query']>;
  body?: In<E['body']>;
  signal?: AbortSignal;
}

/** Calls the daemon through Jupyter's proxy: Jupyter's own session is the only credential. */
export interface SlipwayClient {
  /** @throws {SlipwayError} where the daemon refused, or none answered */
  call<E extends Endpoint>(endpoint: E, input?: CallInput<E>): Promise<z.output<E['reply']>>;
  /** Asks a model version for predictions, in one of MLflow's body forms. */
  predict(model: string, version: string, body: unknown): Promise<unknown>;
  /** Opens the stream of events; the caller reads and aborts it. */
  openEvents(lastEventId: string | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** A client typed by the contract: `call(endpoints.sessions.list, { query })`. */
export function createClient(settings: ServerConnection.ISettings): SlipwayClient {
  const root = URLExt.join(settings.baseUrl, 'slipway');
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    try {
      return await ServerConnection.makeRequest(url, init, settings);
    } catch (error) {
      if (init.signal?.aborted) {
        throw error;
      }
      throw away(0, error);
    }
  };
  const json = async (url: string, init: RequestInit): Promise<unknown> => {
    const response = await send(url, init);
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      throw refusal(response.status, body);
    }
    return body;
  };
  return {
    async call(endpoint, input = {}) {
      const url = `${root}/api/v1${fillPath(endpoint.path, input.params ?? {})}${queryString(input.query)}`;
      const body = input.body === undefined ? {} : { body: JSON.stringify(input.body), headers: JSON_TYPE };
      const reply = await json(url, { method: endpoint.method.toUpperCase(), signal: input.signal ?? null, ...body });
      return endpoint.reply.parse(reply) as never;
    },
    predict(model, version, body) {
      const url = `${root}/models/${encodeURIComponent(model)}/${encodeURIComponent(version)}/invocations`;
      return json(url, { method: 'POST', body: JSON.stringify(body), headers: JSON_TYPE });
    },
    async openEvents(lastEventId, signal) {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (lastEventId !== null) {
        headers['last-event-id'] = lastEventId;
      }
      const response = await send(`${root}/api/v1/events`, { method: 'GET', headers, signal });
      if (!response.ok || response.body === null) {
        throw refusal(response.status, await response.json().catch(() => undefined));
      }
      return response.body;
    }
  };
}

function fillPath(path: string, params: Record<string, string>): string {
  return path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ''));
}

function queryString(query: unknown): string {
  const given = Object.entries((query ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()}`;
}

/** The daemon always answers in problem details: any other refusal came from the proxy before it. */
function refusal(status: number, body: unknown): SlipwayError {
  const problem = Problem.safeParse(body).data;
  return problem ? new SlipwayError(problem.code, problem.detail, status, {}, problem.errors) : invocationRefusal(status, body);
}

function invocationRefusal(status: number, body: unknown): SlipwayError {
  const mlflow = body as { error_code?: unknown; message?: unknown } | undefined;
  if (typeof mlflow?.error_code === 'string') {
    return new SlipwayError(mlflow.error_code, String(mlflow.message ?? mlflow.error_code), status);
  }
  return away(status);
}

function away(status: number, cause?: unknown): SlipwayError {
  return new SlipwayError('daemon_away', 'Slipway’s daemon does not answer.', status, { cause });
}
