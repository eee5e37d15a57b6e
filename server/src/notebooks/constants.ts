import type { Constant } from '@slipway/schema';
import { bare, child, items, splitAt, type Node } from './source/node';
import { literalOf } from './literals';
import { rootName, lastName, isShowing } from './callees';

type Found = Omit<Constant, 'cellId'>;

/** Keywords that change how, not what, a call computes. */
const NO_PARAMS = new Set(['inplace', 'verbose', 'n_jobs', 'verbosity']);

/** A cell to look for constants in. */
export interface ConstantSource {
  id: string;
  tree: Node;
}

/**
 * The scalar constants of cells, in order: `SEED = 42`, `cfg = {'lr': 0.1}` as
 * `cfg.lr`, `RandomForestClassifier(n_estimators=100)` as
 * `RandomForestClassifier.n_estimators`; `#2` marks the second of a name. What
 * only shapes a print or a plot is left out, and so are names that code
 * changes: counters and accumulators.
 */
export function findConstants(cells: readonly ConstantSource[]): Constant[] {
  const changed = new Set(cells.flatMap(c => changedNames(c.tree)));
  const counts = new Map<string, number>();
  return cells.flatMap(({ id, tree }) => {
    const found: Found[] = [];
    visit(tree, found, changed, true);
    return found
      .sort((a, b) => a.from - b.from)
      .map(constant => {
        const count = (counts.get(constant.name) ?? 0) + 1;
        counts.set(constant.name, count);
        return { ...constant, name: count > 1 ? `${constant.name}#${count}` : constant.name, cellId: id };
      });
  });
}

function visit(node: Node, found: Found[], changed: ReadonlySet<string>, isTop: boolean): void {
  switch (node.name) {
    case 'AssignStatement':
      if (isTop) {
        assigned(node, found, changed, '');
      }
      break;
    case 'ClassDefinition': {
      const name = child(node, 'VariableName')!.text;
      const body = child(node, 'Body')!;
      body.kids.filter(k => k.name === 'AssignStatement').forEach(k => assigned(k, found, new Set(), `${name}.`));
      body.kids.forEach(k => visit(k, found, changed, false));
      return;
    }
    case 'CallExpression':
      if (isShowing(node)) {
        return;
      }
      keywords(node, lastName(node.kids[0]!), found);
      break;
    case 'FunctionDefinition':
    case 'LambdaExpression':
      node.kids.forEach(k => visit(k, found, changed, false));
      return;
  }
  node.kids.forEach(k => visit(k, found, changed, isTop && !/^(For|While)Statement$/.test(node.name)));
}

/** `NAME = literal`, `NAME = {…}`, `NAME = dict(…)`, `cfg.lr = 0.1`, `cfg['lr'] = 0.1`. */
function assigned(node: Node, found: Found[], changed: ReadonlySet<string>, prefix: string): void {
  const groups = splitAt(node.kids.filter(k => k.name !== 'TypeDef'), 'AssignOp').map(g => g.filter(k => k.name !== ','));
  const values = groups.at(-1)!;
  if (groups.length !== 2 || groups[0]!.length !== values.length) {
    return;
  }
  groups[0]!.forEach((target, i) => {
    const path = pathOf(target);
    if (path !== null && !changed.has(path)) {
      literals(prefix + path, values[i]!, found);
    }
  });
}

function pathOf(target: Node): string | null {
  if (target.name === 'VariableName') {
    return target.text;
  }
  if (target.name !== 'MemberExpression' || target.kids[0]!.name !== 'VariableName' || rootName(target) === 'plt') {
    return null;
  }
  const root = target.kids[0]!.text;
  if (target.kids.length === 3) {
    return /^(self|plt|sns|pd|np|os|mpl|matplotlib)$/.test(root) ? null : `${root}.${target.kids[2]!.text}`;
  }
  const key = target.kids.length === 4 ? literalOf(target.kids[2]!) : null;
  return key && typeof key.value === 'string' && /^(cfg|conf|config|params?|hparams|args|settings|options|hyper\w*)\w*$|_(cfg|config|params|args|settings)$/i.test(root) ? `${root}.${key.value}` : null;
}

function literals(path: string, value: Node, found: Found[]): void {
  const literal = literalOf(value);
  if (literal) {
    found.push({ name: path, value: literal.value, from: literal.from, to: literal.to });
    return;
  }
  const inner = bare(value);
  if (inner.name === 'DictionaryExpression') {
    const kids = items(inner);
    kids.forEach((kid, i) => {
      const key = kids[i + 1]?.name === ':' ? literalOf(kid) : null;
      if (key && (typeof key.value === 'string' || typeof key.value === 'number')) {
        literals(`${path}.${key.value}`, kids[i + 2]!, found);
      }
    });
  } else if (inner.name === 'CallExpression' && /^(dict|SimpleNamespace|Namespace|Bunch|OmegaConf|EasyDict|edict)$/.test(lastName(inner.kids[0]!))) {
    keywordsOf(inner).forEach(({ keyword, value: v }) => literals(`${path}.${keyword}`, v, found));
  }
}

/** Keyword literals of a call. A `dict(…)` on the right of a name has its names from there. */
function keywords(node: Node, callable: string, found: Found[]): void {
  if (callable === '' || /^(dict|SimpleNamespace|Namespace|Bunch|EasyDict|edict)$/.test(callable)) {
    return;
  }
  for (const { keyword, value } of keywordsOf(node)) {
    const literal = NO_PARAMS.has(keyword) ? null : literalOf(value);
    if (literal) {
      found.push({ name: `${callable}.${keyword}`, value: literal.value, from: literal.from, to: literal.to });
    }
  }
}

function keywordsOf(call: Node): { keyword: string; value: Node }[] {
  const kids = items(child(call, 'ArgList')!);
  return kids.flatMap((kid, i) => (kids[i + 1]?.name === 'AssignOp' && kids[i + 1]!.text === '=' ? [{ keyword: kid.text, value: kids[i + 2]! }] : []));
}

/** Names that are more than a constant: counted up, looped over, bound inside a loop. */
function changedNames(node: Node, isInLoop = false): string[] {
  const names: string[] = [];
  if (node.name === 'UpdateStatement') {
    names.push(node.kids[0]!.text);
  } else if (node.name === 'AssignStatement' && isInLoop) {
    names.push(...node.kids.filter(k => k.name === 'VariableName').map(k => k.text));
  } else if (node.name === 'ForStatement') {
    const end = node.kids.findIndex(k => k.name === 'in');
    names.push(...node.kids.slice(0, end).flatMap(k => [k, ...k.kids]).filter(k => k.name === 'VariableName').map(k => k.text));
  } else if (node.name === 'FunctionDefinition' && !child(node, 'Body')!.text.includes('global ')) {
    return names;
  }
  const isLoop = node.name === 'ForStatement' || node.name === 'WhileStatement';
  return [...names, ...node.kids.flatMap(k => changedNames(k, isInLoop || isLoop))];
}
