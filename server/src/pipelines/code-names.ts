const IMPORT = /^(?:from\s+[\w.]+\s+)?import\s+\(?([^#\n]*)/gm;
const DEFINITION = /^(?:async\s+)?(?:def|class)\s+(\w+)/gm;

/**
 * Names that a cell binds to code: by an import, a function or a class at its
 * top level. Each item of a map binds them to the same, so they are no results.
 */
export function codeNames(source: string): string[] {
  const text = source.replaceAll(/\(\s*\n([^)]*)\)/g, (_all, names: string) => `(${names.replaceAll('\n', ' ')})`);
  const imported = [...text.matchAll(IMPORT)].flatMap(m => m[1]!.replaceAll(/[()\\]/g, '').split(',').map(part => part.trim().split(/\s+as\s+/).at(-1)!.split('.')[0]!.trim()));
  return [...imported, ...[...text.matchAll(DEFINITION)].map(m => m[1]!)].filter(name => /^\w+$/.test(name));
}
