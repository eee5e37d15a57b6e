import type { IncomingMessage, RequestListener } from 'node:http';
import type { Caller } from '../../core/endpoint-router';
import type { Log } from '../../core/log';
import { answerCall } from './call';
import { answerError } from './errors';
import { hasParams, PREFIXES, type MlflowRoute } from './routes';

/**
 * Answers the routes without a parameter in their path, on the bare HTTP
 * server: a training loop calls them thousands of times, and the layers of
 * express before a route would take longer than the route. All else is `next`'s.
 */
export function mlflowListener(
  routes: readonly MlflowRoute[],
  deps: { guard: (req: IncomingMessage) => void; authenticate: (req: IncomingMessage) => Promise<Caller>; log: Log },
  next: RequestListener
): RequestListener {
  const fixed = new Map(routes.filter(r => !hasParams(r)).flatMap(r => PREFIXES.map(prefix => [`${r.method.toUpperCase()} ${prefix}${r.path}`, r] as const)));
  return (req, res) => {
    const url = req.url!;
    const query = url.indexOf('?');
    const route = fixed.get(`${req.method === 'HEAD' ? 'GET' : req.method} ${query < 0 ? url : url.slice(0, query)}`);
    if (!route) {
      return next(req, res);
    }
    const answer = async (): Promise<void> => {
      deps.guard(req);
      await answerCall(route, req, res, await deps.authenticate(req), {});
    };
    answer().catch((error: unknown) => answerError(error, req, res, deps.log));
  };
}
