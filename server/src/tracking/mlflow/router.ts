import { Router } from 'express';
import { callerOf } from '../../core/endpoint-router';
import { answerCall } from './call';
import { hasParams, PREFIXES, type MlflowRoute } from './routes';

/** The routes that have a parameter in their path; the others are the listener's. */
export function mlflowRouter(routes: readonly MlflowRoute[]): Router {
  const router = Router();
  for (const route of routes.filter(hasParams)) {
    for (const prefix of PREFIXES) {
      router[route.method](`${prefix}${route.path}`, (req, res) => answerCall(route, req, res, callerOf(res), req.params as Record<string, string>));
    }
  }
  return router;
}
