import type { Permission } from '@slipway/schema';
import type { z } from 'zod';
import type { Caller } from '../../core/endpoint-router';

/** One call of MLflow's API: who, where, what. */
export interface MlflowCall<T> {
  caller: Caller;
  /** Body, or query of a GET, checked. */
  input: T;
  params: Record<string, string>;
}
export interface MlflowRoute {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** Below `/api/2.0/mlflow`. */
  path: string;
  permission: Permission;
  run: (call: MlflowCall<never>) => Promise<object>;
  input: z.ZodType;
}

/** Where MLflow's clients and pages look for its routes. */
export const PREFIXES = ['/api/2.0/mlflow', '/ajax-api/2.0/mlflow', '/api/3.0/mlflow', '/ajax-api/3.0/mlflow'];

/** Says one route of MLflow's; each declares the permission it needs. */
export function mlflowRoute<S extends z.ZodType>(method: MlflowRoute['method'], path: string, permission: Permission, input: S, run: (call: MlflowCall<z.output<S>>) => Promise<object>): MlflowRoute {
  return { method, path, permission, input, run: run as MlflowRoute['run'] };
}

/** Has the path a part that differs from call to call? */
export function hasParams(route: MlflowRoute): boolean {
  return route.path.includes(':');
}
