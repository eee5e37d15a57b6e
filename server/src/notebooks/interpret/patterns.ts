import { child, type Node } from '../source/node';
import type { Scope } from './scope';
import { elementOf, type Value } from './values';
import type { Walker } from './walker';

/** `match`: each case is a branch; `case _` makes them complete. */
export function matchStatement(w: Walker, node: Node, scope: Scope | null): boolean {
  const subject = node.kids.filter(k => !['match', '*', 'MatchBody'].includes(k.name)).map(k => w.expr(k, scope)).at(-1)!;
  const clauses = child(node, 'MatchBody')!.kids.filter(k => k.name === 'MatchClause');
  let isComplete = false;
  const branches = clauses.map(clause => {
    const patterns = clause.kids.filter(k => /Pattern$/.test(k.name));
    const guard = child(clause, 'Guard');
    isComplete ||= !guard && patterns.length === 1 && patterns[0]!.name === 'CapturePattern';
    return () => {
      patterns.forEach(p => pattern(w, p, subject, scope));
      guard?.kids.slice(1).forEach(k => w.expr(k, scope));
      return w.block(child(clause, 'Body')!, scope);
    };
  });
  return w.world.branch(isComplete ? branches : [...branches, () => true]);
}

function pattern(w: Walker, node: Node, subject: Value, scope: Scope | null): void {
  switch (node.name) {
    case 'CapturePattern':
      if (node.text !== '_') {
        w.bindName(node.text, subject, scope);
      }
      return;
    case 'AsPattern':
      node.kids.filter(k => /Pattern$/.test(k.name)).forEach(k => pattern(w, k, subject, scope));
      w.bindName(node.kids.at(-1)!.text, subject, scope);
      return;
    case 'ClassPattern':
    case 'AttributePattern':
    case 'MappingPattern':
      node.kids.filter(k => k.name === 'VariableName').forEach(k => w.expr(k, scope));
      break;
  }
  const inner = elementOf(subject);
  node.kids.filter(k => /Pattern(ArgList)?$/.test(k.name)).forEach(k => pattern(w, k, node.name === 'OrPattern' ? subject : inner, scope));
}
