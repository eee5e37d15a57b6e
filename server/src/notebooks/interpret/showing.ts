import { bare, items, type Node } from '../source/node';
import { cleanLabel, formatPieces, labelBefore, stringValue } from './strings';
import { metricIn, type Metric } from './values';
import type { Argument, Walker } from './walker';

/** Notes the metrics that a print or display shows, each with the label printed before it. */
export function showAll(w: Walker, args: readonly Argument[]): void {
  let label: string | null = null;
  for (const { value, node, keyword } of args.filter(a => a.keyword === null)) {
    const inner = bare(node);
    const metric = metricIn(value);
    if (!metric) {
      label = value.text === null ? null : cleanLabel(value.text) || null;
    } else if (!showParts(w, inner, metric)) {
      w.noteMetric(metric, 'shown', node, variableOf(node), label ?? keyword);
      label = null;
    }
  }
}

/** An f-string, `%` or `.format` shows each metric in it under its own label. */
function showParts(w: Walker, node: Node, metric: Metric): boolean {
  if (node.name !== 'FormatString' && node.name !== 'ContinuedString') {
    const template = templateOf(node);
    if (template !== null) {
      w.noteMetric(metric, 'shown', node, null, labelBefore(template) || null);
    }
    return template !== null;
  }
  const strings = node.name === 'ContinuedString' ? node.kids : [node];
  let before = '';
  let isSome = false;
  for (const string of strings) {
    for (const piece of string.name === 'FormatString' ? formatPieces(string) : [stringValue(string.text) ?? '']) {
      if (typeof piece === 'string') {
        before = piece;
        continue;
      }
      const field = w.fieldMetric(piece);
      if (field) {
        isSome = true;
        const inner = piece.kids.find(k => k.name !== '{');
        w.noteMetric(field, 'shown', piece, inner ? variableOf(inner) : null, labelBefore(before) || null);
      }
    }
  }
  return isSome;
}

/** The text before the first field of `'acc: %.3f' % acc` or `'acc: {}'.format(acc)`. */
function templateOf(node: Node): string | null {
  const left = node.name === 'BinaryExpression' && node.kids[1]?.text === '%' ? node.kids[0]! : node.name === 'CallExpression' && /\.format$/.test(node.kids[0]!.text) ? node.kids[0]!.kids[0]! : null;
  const text = left?.name === 'String' ? stringValue(left.text) : null;
  return text?.split(/%[-+ #0-9.]*[diouxXeEfFgGrsa]|\{[^{}]*\}/)[0] ?? null;
}

/** The name shown, seen through `round(x, 3)`, `x * 100`, `x.mean()`. */
function variableOf(node: Node): string | null {
  const inner = bare(node);
  if (inner.name === 'VariableName') {
    return inner.text;
  }
  if (inner.name === 'BinaryExpression') {
    return variableOf(inner.kids[0]!);
  }
  if (inner.name === 'CallExpression') {
    const callee = inner.kids[0]!;
    const [first] = items(inner.kids.at(-1)!);
    return callee.name === 'MemberExpression' && !first ? variableOf(callee.kids[0]!) : first && /^(round|float|int|abs|str)$/.test(callee.text) ? variableOf(first) : null;
  }
  return null;
}
