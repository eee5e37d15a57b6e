import { parser } from '@lezer/python';
import type { TreeCursor } from '@lezer/common';

/**
 * One node of a cell's syntax tree, lifted out of the parser's buffers:
 * walking functions again and again then costs no allocation. Names are those
 * of @lezer/python's grammar; keywords and punctuation are nodes too.
 */
export interface Node {
  readonly name: string;
  /** Span in the cell's source, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly kids: readonly Node[];
  /** The same node with other kids. */
  withKids(kids: readonly Node[]): Node;
}

class LiftedNode implements Node {
  constructor(
    readonly name: string,
    readonly from: number,
    readonly to: number,
    private readonly code: string,
    readonly kids: readonly Node[]
  ) {}

  get text(): string {
    return this.code.slice(this.from, this.to);
  }

  withKids(kids: readonly Node[]): Node {
    return new LiftedNode(this.name, this.from, this.to, this.code, kids);
  }
}
const NO_KIDS: readonly Node[] = [];

/** Parses Python text; never fails: what does not parse is a node named `⚠`. */
export function parsePython(code: string): Node {
  return lift(parser.parse(code).cursor(), code);
}

function lift(cursor: TreeCursor, code: string): Node {
  const { name, from, to } = cursor;
  let kids = NO_KIDS;
  if (cursor.firstChild()) {
    const list: Node[] = [];
    do {
      if (cursor.name !== 'Comment') {
        list.push(lift(cursor, code));
      }
    } while (cursor.nextSibling());
    cursor.parent();
    kids = list;
  }
  return new LiftedNode(name, from, to, code, kids);
}

export function child(node: Node, name: string): Node | undefined {
  return node.kids.find(k => k.name === name);
}

/** Splits nodes at separators, e.g. the items of a list at its commas. */
export function splitAt(nodes: readonly Node[], separator: string): Node[][] {
  const groups: Node[][] = [[]];
  for (const node of nodes) {
    if (node.name === separator) {
      groups.push([]);
    } else {
      groups.at(-1)!.push(node);
    }
  }
  return groups.filter(g => g.length > 0);
}

const BRACKETS = new Set(['(', ')', '[', ']', '{', '}']);

/** Kids without brackets and commas: the items of a tuple, list or argument list. */
export function items(node: Node): Node[] {
  return node.kids.filter(k => !BRACKETS.has(k.name) && k.name !== ',');
}

/** The same expression without parentheses around it. */
export function bare(node: Node): Node {
  let inner = node;
  while (inner.name === 'ParenthesizedExpression' && inner.kids.length === 3) {
    inner = inner.kids[1]!;
  }
  return inner;
}

/** 1-based line of an offset in a text. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
    line++;
  }
  return line;
}
