import { child, splitAt, type Node } from '../source/node';
import { importedNames } from './imports';

interface LocalNames {
  locals: Set<string>;
  globals: Set<string>;
  nonlocals: Set<string>;
}

/** The names a function's body makes its own by binding them anywhere. */
export function localNames(body: Node): LocalNames {
  const names: LocalNames = { locals: new Set(), globals: new Set(), nonlocals: new Set() };
  scan(body, names);
  [...names.globals, ...names.nonlocals].forEach(name => names.locals.delete(name));
  return names;
}

function scan(node: Node, names: LocalNames): void {
  switch (node.name) {
    case 'FunctionDefinition':
    case 'ClassDefinition':
      names.locals.add(child(node, 'VariableName')!.text);
      return;
    case 'LambdaExpression':
      return;
    case 'ScopeStatement': {
      const set = node.kids[0]!.name === 'global' ? names.globals : names.nonlocals;
      node.kids.filter(k => k.name === 'VariableName').forEach(k => set.add(k.text));
      return;
    }
    case 'AssignStatement':
      assignmentTargets(node).forEach(t => addTarget(t, names));
      break;
    case 'UpdateStatement':
      addTarget(node.kids[0]!, names);
      break;
    case 'NamedExpression':
      addTarget(node.kids[0]!, names);
      break;
    case 'ForStatement':
      node.kids.slice(0, node.kids.findIndex(k => k.name === 'in')).forEach(k => addTarget(k, names));
      break;
    case 'WithStatement':
    case 'TryStatement':
      node.kids.forEach((k, i) => k.name === 'as' && addTarget(node.kids[i + 1]!, names));
      break;
    case 'ImportStatement':
      importedNames(node).forEach(i => names.locals.add(i.name));
      return;
    case 'CapturePattern':
      addTarget(node.kids[0]!, names);
      return;
    case 'AsPattern':
      addTarget(node.kids.at(-1)!, names);
      break;
    default:
      if (/ComprehensionExpression$/.test(node.name)) {
        scanWalrusOnly(node, names);
        return;
      }
  }
  node.kids.forEach(k => scan(k, names));
}

/** A comprehension's own targets stay in it; a walrus leaves it. */
function scanWalrusOnly(node: Node, names: LocalNames): void {
  if (node.name === 'NamedExpression') {
    addTarget(node.kids[0]!, names);
  }
  if (node.name !== 'LambdaExpression') {
    node.kids.forEach(k => scanWalrusOnly(k, names));
  }
}

function addTarget(node: Node, names: LocalNames): void {
  if (node.name === 'VariableName') {
    names.locals.add(node.text);
  } else if (['TupleExpression', 'ArrayExpression', 'ParenthesizedExpression'].includes(node.name)) {
    node.kids.forEach(k => addTarget(k, names));
  }
}

/** The targets of `a = b, c = value`, flat; `x: int` alone has the target and no value. */
export function assignmentTargets(node: Node): Node[] {
  const groups = splitAt(node.kids.filter(k => k.name !== 'TypeDef'), 'AssignOp');
  const hasValue = node.kids.some(k => k.name === 'AssignOp');
  return (hasValue ? groups.slice(0, -1) : groups).flat().filter(k => k.name !== ',' && k.name !== '*');
}
