import { preprocess, type Magics } from './magics';
import { lineAt, parsePython, type Node } from './node';
import { rewriteUnknownForms } from './unknown-forms';

/** A cell's source, read: what magics do, and the tree of its Python. */
export interface ParsedCell {
  source: string;
  /** Python of the source's length. */
  code: string;
  tree: Node;
  magics: Magics;
  isEmpty: boolean;
  /** 1-based line where the syntax breaks; null when it does not. */
  errorLine: number | null;
}

/** Reads a source; equal sources may be given to the same result. */
export function parseCell(source: string): ParsedCell {
  const { code: python, ...magics } = preprocess(source);
  let code = python;
  let tree = parsePython(code);
  let error = firstError(tree);
  if (error) {
    const rewritten = rewriteUnknownForms(code);
    if (rewritten !== code) {
      const again = parsePython(rewritten);
      if (!firstError(again)) {
        [code, tree, error] = [rewritten, restoreTuples(again, code), undefined];
      }
    }
  }
  const isEmpty = source.trim() === '' || (tree.kids.length === 0 && code === source);
  return { source, code, tree, magics, isEmpty, errorLine: error ? lineAt(code, Math.min(error.from, code.trimEnd().length)) : null };
}

/** Remembers what it parsed, newest sources first to stay. */
export function createParser(limit = 2000): (source: string) => ParsedCell {
  const known = new Map<string, ParsedCell>();
  return source => {
    const found = known.get(source) ?? parseCell(source);
    known.delete(source);
    known.set(source, found);
    if (known.size > limit) {
      known.delete(known.keys().next().value!);
    }
    return found;
  };
}

/** The first thing in a tree that is not Python 3. */
export function firstError(node: Node): Node | undefined {
  // Python 2's print statement is in the grammar, but not in the language.
  if (node.name === '⚠' || node.name === 'PrintStatement') {
    return node;
  }
  for (const kid of node.kids) {
    const error = firstError(kid);
    if (error) {
      return error;
    }
  }
  return undefined;
}

/** Puts the tuples back that `rewriteUnknownForms` made one name of. */
function restoreTuples(node: Node, original: string): Node {
  if (node.name === 'VariableName') {
    const text = original.slice(node.from, node.to);
    return text.startsWith('(') ? parsePython(' '.repeat(node.from) + text).kids[0]!.kids[0]! : node;
  }
  return node.kids.length === 0 ? node : node.withKids(node.kids.map(k => restoreTuples(k, original)));
}
