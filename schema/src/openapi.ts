import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { Endpoint } from './contract';
import * as endpoints from './endpoints';
import { PipelineFile } from './pipeline-files';
import { Problem } from './problem';

/** The OpenAPI 3.1 document of the whole contract, in a stable order. */
export function toOpenApi(version: string): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const [feature, operations] of Object.entries(endpoints)) {
    for (const [name, endpoint] of Object.entries<Endpoint>(operations)) {
      const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
      paths[path] = { ...paths[path], [endpoint.method]: operation(feature, name, endpoint) };
    }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Slipway',
      version,
      description: 'Experiments, pipelines, models and lineage. News come as server-sent events from `/events`. MLflow’s own API stands at the root of the server.'
    },
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    paths
  });
}

function operation(feature: string, name: string, e: Endpoint): ZodOpenApiOperationObject {
  const inPath = [...e.path.matchAll(/:(\w+)/g)].map(match => [match[1]!, z.string()] as const);
  return {
    operationId: `${feature}.${name}`,
    tags: [feature],
    summary: e.summary,
    description: `Needs the permission \`${e.permission}\`.`,
    requestParams: {
      ...(inPath.length > 0 && { path: z.object(Object.fromEntries(inPath)) }),
      ...(e.query && { query: e.query as z.ZodObject })
    },
    ...(e.body && { requestBody: { required: true, content: { 'application/json': { schema: e.body } } } }),
    responses: {
      [`${e.status ?? (e.method === 'post' ? 201 : 200)}`]: { description: 'Done', content: { [e.produces ?? 'application/json']: { schema: e.reply } } },
      default: { description: 'Refused or failed', content: { 'application/problem+json': { schema: Problem } } }
    }
  };
}

/** The JSON Schema of `NAME.pipeline.yaml`, for editors. */
export function pipelineFileSchema(): object {
  return { title: 'Slipway pipeline file', ...z.toJSONSchema(PipelineFile, { io: 'input', target: 'draft-2020-12' }) };
}
