import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../../core/endpoint-router';
import type { Registry } from '../service';

export function gateRoutes(registry: Registry): Router {
  const router = Router();
  serve(router, endpoints.gates.get, ({ params }) => registry.gates(params.name!));
  serve(router, endpoints.gates.declare, ({ params, body, caller }) => registry.declareGates(params.name!, body, caller.id));
  serve(router, endpoints.gates.evaluate, ({ params, caller }) => registry.evaluateGates(params.name!, params.version!, caller.id));
  serve(router, endpoints.gates.evaluations, ({ params, query }) => registry.gateEvaluations(params.name!, params.version!, query));
  return router;
}
