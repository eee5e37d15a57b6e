import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as endpoints from './endpoints';
import { pipelineFileSchema, toOpenApi } from './openapi';

const current = JSON.parse(JSON.stringify(toOpenApi('0.1.0'))) as { paths: Record<string, Record<string, { operationId: string }>> };

test('the committed document is what the contract says; `npm run openapi` makes it anew', () => {
  expect(JSON.parse(readFileSync(join(__dirname, '../openapi.json'), 'utf8'))).toEqual(current);
});

test('the schema of pipeline files is what the contract says, too', () => {
  expect(JSON.parse(readFileSync(join(__dirname, '../pipeline-file.schema.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(pipelineFileSchema())));
});

test('every endpoint is described once', () => {
  const described = Object.values(current.paths).flatMap(path => Object.values(path).map(o => o.operationId));
  const declared = Object.entries(endpoints).flatMap(([feature, operations]) => Object.keys(operations).map(name => `${feature}.${name}`));
  expect(described.sort()).toEqual(declared.sort());
});
