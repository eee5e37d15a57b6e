import { bare, child, type Node } from '../source/node';
import { assignStatement, deleteTarget, packed, updateStatement } from './assignments';
import { forStatement, ifStatement, tryStatement, withStatement } from './control-flow';
import { classValue, decorated, importStatement } from './definition-statements';
import { defineFunction, functionValue } from './functions';
import { matchStatement } from './patterns';
import { callProtocol } from './protocols';
import type { Scope } from './scope';
import { SCALAR, metricIn } from './values';
import type { Walker } from './walker';

/** Walks a statement or block; false when it raises. */
export function statement(w: Walker, node: Node, scope: Scope | null): boolean {
  const walk = STATEMENTS[node.name];
  if (walk) {
    return walk(w, node, scope) !== false;
  }
  node.kids.forEach(k => (/(Statement|Definition)$/.test(k.name) ? statement(w, k, scope) : w.expr(k, scope)));
  return true;
}

type Walk = (w: Walker, node: Node, scope: Scope | null) => boolean | void;

const block: Walk = (w, node, scope) => node.kids.filter(k => k.name !== ':' && k.name !== ';').every(k => statement(w, k, scope));

const STATEMENTS: Record<string, Walk> = {
  Script: block,
  Body: block,
  StatementGroup: block,
  ExpressionStatement: (w, node, scope) => expressionStatement(w, node, scope, false),
  AssignStatement: assignStatement,
  UpdateStatement: updateStatement,
  DeleteStatement: (w, node, scope) => node.kids.slice(1).forEach(k => deleteTarget(w, k, scope)),
  ImportStatement: importStatement,
  IfStatement: ifStatement,
  ForStatement: forStatement,
  WhileStatement: (w, node, scope) => {
    node.kids.forEach(k => (k.name === 'Body' ? block(w, k, scope) : w.expr(k, scope)));
  },
  WithStatement: withStatement,
  TryStatement: tryStatement,
  MatchStatement: matchStatement,
  FunctionDefinition: (w, node, scope) => w.bindName(child(node, 'VariableName')!.text, functionValue(defineFunction(w, node, scope), scope), scope),
  ClassDefinition: (w, node, scope) => w.bindName(child(node, 'VariableName')!.text, classValue(w, node, scope), scope),
  DecoratedStatement: decorated,
  ReturnStatement: (w, node, scope) => {
    const values = node.kids.slice(1).map(k => w.expr(k, scope));
    w.returned?.push(values.length > 1 ? packed(values) : (values[0] ?? SCALAR));
  },
  RaiseStatement: (w, node, scope) => {
    node.kids.forEach(k => w.expr(k, scope));
    return false;
  },
  // What a branch bound before it left the loop or function is bound for those after it.
  BreakStatement: () => undefined,
  ContinueStatement: () => undefined,
  ScopeStatement: () => undefined,
  PassStatement: () => undefined,
  TypeDefinition: (w, node, scope) => w.bindName(node.kids[1]!.text, SCALAR, scope)
};

/** `isShown`: it is the cell's last and its value is displayed. */
export function expressionStatement(w: Walker, node: Node, scope: Scope | null, isShown: boolean): void {
  for (const kid of node.kids) {
    const inner = bare(kid);
    const value = inner.name === 'CallExpression' ? w.call(inner, scope, { isDiscarded: true, isShown }) : w.expr(kid, scope);
    if (isShown) {
      callProtocol(w, value, 'show', kid);
    }
    const metric = isShown ? metricIn(value) : null;
    if (metric) {
      w.noteMetric(metric, 'shown', kid, null, null);
    }
  }
}
