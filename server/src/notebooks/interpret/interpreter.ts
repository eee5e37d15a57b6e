import { lineAt, type Node } from '../source/node';
import type { ParsedCell } from '../source/parsed-cell';
import { call } from './calls';
import { expression } from './expressions';
import { invoke, touch } from './functions';
import { runMagics } from './magic-effects';
import { assign, bindName } from './assignments';
import { expressionStatement, statement } from './statements';
import { newScope, type Scope } from './scope';
import { newUnit, type Unit } from './unit';
import type { Metric, Value } from './values';
import type { Walker } from './walker';
import { World } from './world';

/** A cell or one execution of it, in the order in which they take effect. */
export interface Executed {
  id: string;
  cell: ParsedCell;
  /** Names that a kernel saw bound or deleted; more than can be read from the text. */
  bound?: readonly string[];
  deleted?: readonly string[];
  /** It failed half way: only what the kernel saw bound was bound. */
  hasFailed?: boolean;
}

export type Interpreter = ReturnType<typeof createInterpreter>;

/**
 * Walks cells in order and keeps what is known of the notebook's names between
 * them. Functions are walked where they are called, with what they are given:
 * so what they read and change counts for their callers.
 */
export function createInterpreter() {
  const world = new World();
  let code = '';
  let cellNode: Node | null = null;
  let fields = new Map<Node, Metric>();
  let state = { active: new Set<Node>(), memo: new Map<string, Value>(), ids: new Map<unknown, number>() };

  const w: Walker = {
    world,
    depth: 0,
    returned: null,
    expr: (node, scope) => expression(w, node, scope),
    block: (node, scope) => statement(w, node, scope),
    assign: (target, value, scope) => assign(w, target, value, scope),
    bindName: (name, value, scope) => {
      noteBinding(name, value, scope);
      bindName(w, name, value, scope);
    },
    call: (node, scope, site) => within(node, () => call(w, node, scope, site)),
    invoke: (callable, args, node) => invoke(w, state, callable, args, node),
    touch: callable => touch(w, callable, cellNode!),
    lineOf: node => lineAt(code, (w.depth > 0 ? cellNode! : node).from),
    fieldMetric: node => fields.get(node),
    noteField: (node, metric) => fields.set(node, metric),
    noteMetric
  };

  /** Remembers the cell's own call while functions are walked: lines are told of it. */
  function within<T>(node: Node, walk: () => T): T {
    if (w.depth > 0) {
      return walk();
    }
    const outer = cellNode;
    cellNode = node;
    const result = walk();
    cellNode = outer;
    return result;
  }

  function noteBinding(name: string, value: Value, scope: Scope | null): void {
    const metric = scope === null && w.depth === 0 ? value.metric : null;
    if (metric?.isNumber && !name.startsWith('_')) {
      world.unit.metrics.push({ name, line: w.lineOf(cellNode!), variable: name, how: 'bound', isNumber: true });
    }
  }

  function noteMetric(metric: Metric, how: 'bound' | 'shown' | 'logged', node: Node, variable: string | null, label: string | null): void {
    const bound = w.depth === 0 ? variable : null;
    world.unit.metrics.push({ name: bound ?? label ?? metric.name, line: w.lineOf(node), variable: bound, how, isNumber: metric.isNumber });
  }

  function walkTop(tree: Node, isolated: { from: number; to: number }[]): void {
    const statements = flatten(tree);
    statements.forEach((node, i) => {
      cellNode = node;
      const isIsolated = isolated.some(span => node.from >= span.from && node.to <= span.to + 1);
      const scope = isIsolated ? newScope('function', null) : null;
      const isShown = i === statements.length - 1 && node.name === 'ExpressionStatement' && !isIsolated && !/;\s*$/.test(code.slice(node.from).replace(/#.*$/gm, ''));
      if (isShown) {
        expressionStatement(w, node, scope, true);
      } else {
        statement(w, node, scope);
      }
    });
  }

  return {
    world,
    /** Walks one more cell. */
    run({ id, cell, bound, deleted, hasFailed }: Executed): Unit {
      const unit = newUnit(world.units.length, id, cell.source);
      [code, fields, cellNode] = [cell.code, new Map(), cell.tree];
      state = { active: new Set(), memo: new Map(), ids: new Map() };
      unit.errorLine = cell.errorLine;
      unit.isEmpty = cell.isEmpty;
      world.begin(unit);
      if (cell.errorLine === null) {
        runMagics(world, cell.magics, () => walkTop(cell.tree, cell.magics.isolated));
      }
      world.amend(bound ?? [], deleted ?? [], hasFailed ?? false);
      world.end();
      return unit;
    }
  };
}

/** Statements of a line with `;` are statements like the others. */
function flatten(tree: Node): Node[] {
  return tree.kids.flatMap(k => (k.name === 'StatementGroup' ? k.kids.filter(g => g.name !== ';') : [k]));
}

