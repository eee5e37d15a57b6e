// Loads the server's own sources into this process, without a build before it.
import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');
const OWN = { '@slipway/schema': 'schema/src/index.ts', '@slipway/kernels-bridge': 'kernels-bridge/src/index.ts' };
const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };

/** Gives the module at `path` under the repository's root, and all it imports, from TypeScript. */
export function loadTypeScript(path) {
  Module._extensions['.ts'] = (module, file) => module._compile(ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions: options, fileName: file }).outputText, file);
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (request, ...rest) => resolve(request in OWN ? join(ROOT, OWN[request]) : request, ...rest);
  const file = join(ROOT, path);
  if (!existsSync(file)) throw new Error(`there is no ${path}`);
  return createRequire(import.meta.url)(file);
}
