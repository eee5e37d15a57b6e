import { bare, child, type Node } from '../source/node';
import { goThrough } from './library-calls';
import { callProtocol } from './protocols';
import { scopeToBind, type Scope } from './scope';
import { SCALAR, elementOf, fresh, join, type Value } from './values';
import type { Walker } from './walker';

/** Walks the branches from one state; what only some bind is bound for maybe. */
export function ifStatement(w: Walker, node: Node, scope: Scope | null): boolean {
  const kids = node.kids;
  const condition = kids[1]!;
  // `if __name__ == '__main__'` and `if True` always hold in a notebook.
  if (/^(True|1|__name__\s*==\s*['"]__main__['"])$/.test(bare(condition).text)) {
    return w.block(child(node, 'Body')!, scope);
  }
  const branches: (() => boolean)[] = [];
  let hasElse = false;
  kids.forEach((kid, i) => {
    if (kid.name === 'if' || kid.name === 'elif') {
      // Later conditions are walked here too: what they read is read on some path.
      if (kids[i + 1]!.name !== 'Body') {
        w.expr(kids[i + 1]!, scope);
      }
    } else if (kid.name === 'Body') {
      branches.push(() => w.block(kid, scope));
    } else if (kid.name === 'else') {
      hasElse = true;
    }
  });
  return w.world.branch(hasElse ? branches : [...branches, () => true]);
}

/** A loop is taken to run at least once: what its body binds is bound. */
export function forStatement(w: Walker, node: Node, scope: Scope | null): void {
  const { kids } = node;
  const at = kids.findIndex(k => k.name === 'in');
  const body = kids.findIndex(k => k.name === 'Body');
  const sources = kids.slice(at + 1, body).filter(k => k.name !== ',').map(k => w.expr(k, scope));
  const targets = kids.slice(1, at).filter(k => !['for', 'async', ','].includes(k.name));
  sources.forEach(source => {
    goThrough(w, source);
    callProtocol(w, source, 'iterate', node);
  });
  const element = elementOf(join(sources));
  targets.forEach(t => w.assign(t, targets.length > 1 ? elementOf(element) : element, scope));
  kids.slice(body).filter(k => k.name === 'Body').forEach(k => w.block(k, scope));
}

/** `with a as b, c as d`. */
export function withStatement(w: Walker, node: Node, scope: Scope | null): boolean {
  const { kids } = node;
  let value: Value = SCALAR;
  let isStaying = true;
  const contexts: Value[] = [];
  const mayEndEarly = kids.some(k => k.name === 'CallExpression' && /(^|\.)(suppress|raises|assertRaises)$/.test(k.kids[0]!.text));
  kids.forEach((kid, i) => {
    if (kid.name === 'Body') {
      const body = (): boolean => w.block(kid, scope);
      isStaying = mayEndEarly ? w.world.branch([body, () => true]) : body();
    } else if (kids[i - 1]?.name === 'as') {
      w.assign(kid, value, scope);
    } else if (!['with', 'as', ',', 'async', '(', ')'].includes(kid.name)) {
      value = w.expr(kid, scope);
      contexts.push(value);
      const entered = callProtocol(w, value, 'enter', kid);
      value = entered.length > 0 ? join(entered) : value;
    }
  });
  contexts.forEach(context => callProtocol(w, context, 'exit', node));
  return isStaying || mayEndEarly;
}

/** The body and each handler are branches. */
export function tryStatement(w: Walker, node: Node, scope: Scope | null): boolean {
  const parts = tryParts(node);
  const normal = (): boolean => w.block(parts.body, scope) && (!parts.orElse || w.block(parts.orElse, scope));
  const handlers = parts.handlers.map(({ types, name, body }) => () => {
    // Of what the body did, a handler may see any part; it starts from before.
    types.forEach(t => w.expr(t, scope));
    if (name) {
      w.bindName(name, fresh('object'), scope);
    }
    const stays = w.block(body, scope);
    if (name && stays) {
      forget(w, name, scope);
    }
    return stays;
  });
  const stays = w.world.branch([normal, ...handlers]);
  return (!parts.last || w.block(parts.last, scope)) && stays;
}

/** The name of an exception is gone after its handler. */
function forget(w: Walker, name: string, scope: Scope | null): void {
  const holder = scopeToBind(name, scope);
  if (holder) {
    w.world.trail.delete(holder.names, name);
  } else {
    w.world.delete(name);
  }
}

function tryParts(node: Node) {
  const handlers: { types: Node[]; name: string | null; body: Node }[] = [];
  const sections = new Map<string, Node>();
  let word = '';
  let head: Node[] = [];
  for (const kid of node.kids) {
    if (['try', 'except', 'else', 'finally'].includes(kid.name)) {
      word = kid.name;
      head = [];
    } else if (kid.name !== 'Body') {
      head.push(kid);
    } else if (word === 'except') {
      const as = head.findIndex(k => k.name === 'as');
      handlers.push({ types: head.slice(0, as < 0 ? undefined : as), name: as < 0 ? null : head[as + 1]!.text, body: kid });
    } else {
      sections.set(word, kid);
    }
  }
  return { body: sections.get('try')!, handlers, orElse: sections.get('else'), last: sections.get('finally') };
}
