import { createHash } from 'node:crypto';
import { importedNames } from '../interpret/imports';
import { parseCell, type ParsedCell } from './parsed-cell';
import type { Node } from './node';

/**
 * A source without what cannot matter: comments, blank lines, spacing, the
 * kind of quotes. Equal results mean equal code.
 */
export function normalizedSource(source: string): string {
  return normalizedCell(parseCell(source));
}

export function normalizedCell(cell: ParsedCell): string {
  if (cell.errorLine !== null || cell.code !== cell.source) {
    // Magics have a syntax of their own: only the edges are safe to trim.
    return cell.source.split('\n').map(l => l.trimEnd()).join('\n').trim();
  }
  const lines: string[] = [];
  block(cell.tree, 0, lines);
  return lines.join('\n');
}

/** SHA-256 (hex) of a normalized source. */
export function sourceHash(source: string): string {
  return createHash('sha256').update(normalizedSource(source)).digest('hex');
}

/** Dotted names of the modules a source imports, relative ones with their dots. */
export function localImports(source: string): string[] {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    if (node.name === 'ImportStatement') {
      importedNames(node).forEach(i => names.add(i.module));
    }
    node.kids.forEach(visit);
  };
  visit(parseCell(source).tree);
  return [...names].sort();
}

/** One line a simple statement; blocks deeper by one space. */
function block(node: Node, depth: number, lines: string[]): void {
  for (const kid of node.kids) {
    if (kid.name === 'StatementGroup') {
      block(kid, depth, lines);
    } else if (kid.name !== ';' && kid.name !== ':') {
      statement(kid, depth, lines);
    }
  }
}

function statement(node: Node, depth: number, lines: string[]): void {
  let line: string[] = [];
  const flush = (): void => {
    if (line.length > 0) {
      lines.push(' '.repeat(depth) + line.join(' '));
    }
    line = [];
  };
  for (const kid of node.kids.length > 0 ? node.kids : [node]) {
    if (kid.name === 'Body' || kid.name === 'MatchBody') {
      flush();
      block(kid, depth + 1, lines);
    } else if (['Decorator', 'FunctionDefinition', 'ClassDefinition'].includes(kid.name)) {
      flush();
      statement(kid, depth, lines);
    } else {
      tokens(kid, line);
    }
  }
  flush();
}

function tokens(node: Node, line: string[]): void {
  if (node.name === 'String' || node.name === 'FormatString') {
    line.push(plainQuotes(node.text));
  } else if (node.kids.length === 0) {
    line.push(node.text);
  } else {
    // Tokens the grammar leaves anonymous lie between the kids.
    let at = node.from;
    for (const kid of node.kids) {
      between(node, at, kid.from, line);
      tokens(kid, line);
      at = kid.to;
    }
    between(node, at, node.to, line);
  }
}

function between(node: Node, from: number, to: number, line: string[]): void {
  const text = node.text.slice(from - node.from, to - node.from).replace(/#[^\n]*/g, '').replace(/\\\n/g, ' ').trim();
  if (text) {
    line.push(text);
  }
}

function plainQuotes(text: string): string {
  const match = /^'([^'"\\\n]*)'$/.exec(text);
  return match ? `"${match[1]!}"` : text;
}
