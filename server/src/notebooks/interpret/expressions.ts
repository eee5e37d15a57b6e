import { bare, items, type Node } from '../source/node';
import { callOperator, callProtocol } from './protocols';
import { isNamespace, readByName } from './dynamic';
import { lambda, lambdaOf } from './functions';
import { newScope, outsideComprehensions, type Scope } from './scope';
import { formatPieces, stringValue } from './strings';
import { memberAccess, subscript } from './members';
import { SCALAR, elementOf, fresh, hold, join, metricIn, newObject, valueOf, type Metric, type Value } from './values';
import type { Walker } from './walker';

/** Walks an expression: notes what it reads and changes, and says what it may give. */
export function expression(w: Walker, node: Node, scope: Scope | null): Value {
  switch (node.name) {
    case 'VariableName':
      return readByName(w, node.text, scope);
    case 'CallExpression':
      return w.call(node, scope);
    case 'MemberExpression':
      return node.kids.some(k => k.name === '[') ? subscript(w, node, scope) : memberAccess(w, node, scope);
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
    case 'YieldExpression':
      return last(items(node).map(k => expression(w, k, scope)));
    case 'LambdaExpression':
      return lambda(w, node, scope);
    case 'NamedExpression': {
      const value = expression(w, node.kids.at(-1)!, scope);
      w.bindName(node.kids[0]!.text, value, outsideComprehensions(scope));
      return value;
    }
    case 'ConditionalExpression':
      return conditional(w, node, scope);
    case 'BinaryExpression':
    case 'UnaryExpression':
      return operation(w, node, scope);
    case 'ArrayComprehensionExpression':
    case 'DictionaryComprehensionExpression':
    case 'SetComprehensionExpression':
    case 'ComprehensionExpression':
      return comprehension(w, node, scope);
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'SetExpression':
      return container(w, items(node).map(k => ({ key: '', node: k })), scope);
    case 'DictionaryExpression':
      return container(w, dictionaryItems(node), scope);
    case 'String':
      return { ...SCALAR, text: stringValue(node.text) };
    case 'FormatString':
      return formatString(w, node, scope);
    case 'ContinuedString': {
      const parts = node.kids.map(k => expression(w, k, scope));
      return scalarOf(parts, parts.every(p => p.text !== null) ? parts.map(p => p.text).join('') : null);
    }
    default:
      node.kids.forEach(k => expression(w, k, scope));
      return SCALAR;
  }
}

function last(values: Value[]): Value {
  return values.at(-1) ?? SCALAR;
}

function scalarOf(parts: readonly Value[], text: string | null = null): Value {
  return { ...SCALAR, text, metric: firstMetric(parts) };
}

function firstMetric(values: readonly Value[]): Metric | null {
  return values.map(metricIn).find(m => m !== null) ?? null;
}

/** `a if c else b`: only one side is walked in truth, so neither binds for sure. */
function conditional(w: Walker, node: Node, scope: Scope | null): Value {
  const [yes, condition, no] = node.kids.filter(k => k.name !== 'if' && k.name !== 'else') as [Node, Node, Node];
  expression(w, condition, scope);
  const values: Value[] = [];
  w.world.branch([yes, no].map(side => () => (values.push(expression(w, side, scope)), true)));
  return join(values);
}

function operation(w: Walker, node: Node, scope: Scope | null): Value {
  const [name, ...rest] = node.kids;
  if (name?.name === 'String' && rest.length > 0 && isNamespace(w, rest.at(-1)!)) {
    // `'df' in globals()` asks for one name only.
    w.world.readIfBound(stringValue(name.text) ?? '');
    return SCALAR;
  }
  const operands = node.kids.filter(k => !/^(ArithOp|BitOp|CompareOp|in|not|is|and|or)$/.test(k.name));
  const operator = node.kids.find(k => !operands.includes(k))?.text ?? '';
  const values = operands.map(k => expression(w, k, scope));
  const given = operator === 'and' || operator === 'or' ? [] : callOperator(w, operator, values, node);
  if (operator === 'and' || operator === 'or') {
    return join(values);
  }
  if (['in', 'not', 'is'].includes(operator) || /^[<>=!]/.test(operator)) {
    return values.some(v => v.objects.some(o => o.kind === 'frame' || o.kind === 'array')) ? fresh('array') : SCALAR;
  }
  if (given.length > 0) {
    return { ...join(given), metric: firstMetric([...given, ...values]) };
  }
  const kind = values.flatMap(v => v.objects).find(o => o.kind !== 'unknown')?.kind;
  const text = joinedText(operator, values);
  const objects = kind === undefined && values.every(v => v.objects.length === 0) ? [] : [newObject(kind === 'frame' || kind === 'array' || kind === 'container' ? kind : 'unknown')];
  if (kind === 'container' && objects[0]) {
    values.forEach(v => v.objects.forEach(o => o.holds.forEach(set => set.forEach(held => hold(objects[0]!, '', valueOf(held))))));
  }
  return { ...SCALAR, objects: text === null ? objects : [], text, metric: firstMetric(values), callables: kind === 'container' ? join(values).callables : [] };
}

/** `'data/' + name` and `DATA / 'x.csv'`, where both sides are known. */
function joinedText(operator: string, values: readonly Value[]): string | null {
  const texts = values.map(v => v.text);
  if (texts.some(t => t === null) || values.length !== 2) {
    return null;
  }
  return operator === '+' ? texts.join('') : operator === '/' ? `${texts[0]!.replace(/\/$/, '')}/${texts[1]!}` : null;
}

function dictionaryItems(node: Node): { key: string; node: Node; keyNode?: Node }[] {
  const result: { key: string; node: Node; keyNode?: Node }[] = [];
  const kids = items(node);
  for (let i = 0; i < kids.length; i++) {
    if (kids[i]!.name === '**') {
      result.push({ key: '', node: kids[++i]! });
    } else if (kids[i + 1]?.name === ':') {
      const key = kids[i]!;
      const text = key.name === 'String' ? stringValue(key.text) : key.name === 'Number' ? key.text : null;
      result.push({ key: text ?? '', node: kids[i + 2]!, ...(text === null && { keyNode: key }) });
      i += 2;
    }
  }
  return result;
}

/** A literal list, tuple, set or dict: a new object that holds what it is made of. */
function container(w: Walker, entries: readonly { key: string; node: Node; keyNode?: Node }[], scope: Scope | null): Value {
  const object = newObject('container');
  const values: Value[] = [];
  for (const { key, node, keyNode } of entries) {
    if (node.name === '*' || node.name === '**') {
      continue;
    }
    if (keyNode) {
      expression(w, keyNode, scope);
    }
    const value = expression(w, node, scope);
    hold(object, key, value);
    values.push(value);
  }
  object.metric = firstMetric(values);
  return valueOf(object, { callables: [...new Set(values.flatMap(v => v.callables))] });
}

/** Clauses first, in a scope of their own; then what is built. */
export function comprehension(w: Walker, node: Node, scope: Scope | null): Value {
  const inner = newScope('comprehension', scope);
  const kids = node.kids.filter(k => !/^[()[\]{}]$/.test(k.name));
  const start = kids.findIndex(k => k.name === 'for' || k.name === 'async');
  let isFirst = true;
  const sources: Value[] = [];
  for (let i = start; i < kids.length; i++) {
    const kid = kids[i]!;
    if (kid.name === 'for') {
      const targets: Node[] = [];
      while (kids[++i]!.name !== 'in') {
        targets.push(kids[i]!);
      }
      // The first source is evaluated outside the comprehension.
      const source = expression(w, kids[++i]!, isFirst ? scope : inner);
      isFirst = false;
      if (node.name === 'ComprehensionExpression') {
        sources.push(source);
      }
      targets.filter(t => t.name !== ',').forEach(t => w.assign(t, elementOf(source), inner));
    } else if (kid.name !== 'if' && kid.name !== 'async') {
      expression(w, kid, inner);
    }
  }
  const object = newObject(node.name === 'ComprehensionExpression' || node.name === 'ArgList' ? 'iterator' : 'container');
  const built = kids.slice(0, start).filter(k => k.name !== ':').map(k => expression(w, k, inner));
  built.forEach(v => hold(object, '', v));
  object.metric = firstMetric(built);
  // A generator looks at its source and its names as it is gone through.
  sources.forEach(source => hold(object, '', source));
  const again = node.name === 'ComprehensionExpression' ? lambdaOf(node, scope) : [];
  return valueOf(object, { callables: [...built.flatMap(v => v.callables), ...again] });
}

function formatString(w: Walker, node: Node, scope: Scope | null): Value {
  const parts: Value[] = [];
  for (const piece of formatPieces(node)) {
    if (typeof piece === 'string') {
      parts.push({ ...SCALAR, text: piece.replaceAll('{{', '{').replaceAll('}}', '}') });
      continue;
    }
    const [first, ...rest] = piece.kids.filter(k => !['{', '}', 'FormatConversion', 'FormatSelfDoc', ','].includes(k.name));
    const value = first ? expression(w, bare(first), scope) : SCALAR;
    callProtocol(w, value, 'show', piece);
    rest.forEach(k => expression(w, k, scope));
    const metric = metricIn(value);
    if (metric) {
      w.noteField(piece, metric);
    }
    parts.push({ ...SCALAR, text: rest.length === 0 ? value.text : null, metric });
  }
  return scalarOf(parts, parts.every(p => p.text !== null) ? parts.map(p => p.text).join('') : null);
}
