import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { KernelNotFound } from '../errors';

export interface Kernelspec {
  name: string;
  argv: string[];
  env: Record<string, string>;
  language: string;
  /** The interpreter, where the kernel is a Python one. */
  python: string | null;
}

/** Finds installed kernels where Jupyter does; `prefix` is the environment of our own JupyterLab. */
export function createKernelspecs(prefix: string, jupyterPath: string | undefined) {
  const folders = [...(jupyterPath?.split(':').filter(Boolean) ?? []), join(homedir(), '.local/share/jupyter'), join(prefix, 'share/jupyter'), '/usr/local/share/jupyter', '/usr/share/jupyter'];

  function list(): Kernelspec[] {
    const found = new Map<string, Kernelspec>();
    for (const folder of folders) {
      for (const name of namesIn(join(folder, 'kernels'))) {
        const spec = found.has(name) ? null : read(join(folder, 'kernels', name), name, prefix);
        if (spec) {
          found.set(name, spec);
        }
      }
    }
    return [...found.values()];
  }

  return {
    list,
    /** @throws {KernelNotFound} */
    find(name: string): Kernelspec {
      const all = list();
      const spec = all.find(s => s.name === name);
      if (!spec) {
        throw new KernelNotFound(name, all.map(s => s.name).sort());
      }
      return spec;
    }
  };
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter(name => existsSync(join(folder, name, 'kernel.json'))) : [];
}

function read(folder: string, name: string, ownPrefix: string): Kernelspec | null {
  try {
    const spec = JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8')) as { argv: string[]; env?: Record<string, string>; language: string };
    const isPython = spec.language.toLowerCase() === 'python' && spec.argv.some(a => a.startsWith('ipykernel'));
    // A bare `python` is the interpreter of the environment the spec lies in, as Jupyter has it.
    const prefix = dirname(dirname(dirname(dirname(folder))));
    const candidates = isAbsolute(spec.argv[0] ?? '') ? [spec.argv[0]!] : [join(prefix, 'bin', spec.argv[0]!), join(ownPrefix, 'bin', spec.argv[0]!)];
    return { name, argv: spec.argv, env: spec.env ?? {}, language: spec.language, python: isPython ? (candidates.find(existsSync) ?? candidates[0]!) : null };
  } catch {
    return null; // a broken spec is no kernel
  }
}
