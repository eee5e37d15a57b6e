import { isMap, isScalar, isSeq, parseDocument, type Document, type Node, type Scalar, type ToStringOptions, type YAMLMap, type YAMLSeq } from 'yaml';
import { canonicalJson } from '../pipelines';
import { threeWay } from './three-way';

const READ = { version: '1.2', schema: 'core', logLevel: 'silent' } as const;

/**
 * New values written into a text: what is the same stays as it stands, with
 * its comments, order, spelling and spacing; what is new comes behind what it
 * follows in `value`. The steps are put into the order they have there where
 * `isOrdered`: it means something once they are cut anew.
 */
export function mergeYaml(text: string, value: Record<string, unknown>, { isOrdered = false } = {}): string {
  const plain = text.replaceAll('\r\n', '\n');
  const doc = parseDocument(plain, READ);
  if (!isMap(doc.contents)) {
    doc.contents = doc.createNode(value, { aliasDuplicateObjects: false }) as never;
    return String(doc);
  }
  const style = styleOf(plain);
  const before = doc.toString(style);
  mergeMap(doc, doc.contents, value);
  const steps = doc.get('steps');
  if (isOrdered && isMap(steps)) {
    const order = Object.keys(value.steps ?? {});
    steps.items.sort((a, b) => order.indexOf(String((a.key as Scalar).value)) - order.indexOf(String((b.key as Scalar).value)));
  }
  const after = doc.toString(style);
  const [base, mine, theirs] = [before.split('\n'), plain.split('\n'), after.split('\n')];
  const spaced = [true, false].map(isFine => threeWay(base, mine, theirs, { isFine }).join('\n'));
  const result = spaced.find(candidate => isAlike(candidate, after)) ?? after;
  return text.includes('\r\n') ? result.replaceAll('\n', '\r\n') : result;
}

/** How a person sets braces and lists, so that what is new looks like what is there. */
function styleOf(text: string): ToStringOptions {
  return { lineWidth: 0, flowCollectionPadding: /[{[] \S/.test(text) || !/[{[]\S/.test(text), indentSeq: !/^( *)[^\s#-][^\n]*:\n\1- /m.test(text) };
}

function isAlike(one: string, other: string): boolean {
  const [a, b] = [parseDocument(one, READ), parseDocument(other, READ)];
  return a.errors.length === 0 && canonicalJson(a.toJS()) === canonicalJson(b.toJS());
}

function mergeMap(doc: Document, map: YAMLMap, value: Record<string, unknown>): void {
  map.items = map.items.filter(({ key }) => isScalar(key) && value[String(key.value)] !== undefined);
  const keys = Object.keys(value).filter(key => value[key] !== undefined);
  const indexOf = (key: string): number => map.items.findIndex(item => isScalar(item.key) && item.key.value === key);
  keys.forEach((key, i) => {
    const pair = map.items[indexOf(key)];
    if (pair) {
      pair.value = merged(doc, pair.value as Node | null, value[key]);
    } else {
      const before = keys.slice(0, i).findLast(k => indexOf(k) >= 0);
      map.items.splice(before === undefined ? map.items.length : indexOf(before) + 1, 0, doc.createPair(key, value[key], { aliasDuplicateObjects: false }));
    }
  });
}

function merged(doc: Document, node: Node | null, wanted: unknown): Node {
  if (node && canonicalJson(node.toJS(doc) ?? null) === canonicalJson(wanted)) {
    return node;
  }
  if (isMap(node) && typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted)) {
    mergeMap(doc, node, wanted as Record<string, unknown>);
    return node;
  }
  if (isSeq(node) && Array.isArray(wanted)) {
    return mergeSeq(doc, node, wanted);
  }
  const fresh = doc.createNode(wanted, { aliasDuplicateObjects: false });
  if (node && isScalar(node) && isScalar(fresh)) {
    fresh.comment = node.comment;
    fresh.commentBefore = node.commentBefore;
  }
  return fresh;
}

/** Items that are there already keep their node, wherever they have moved. */
function mergeSeq(doc: Document, seq: YAMLSeq, wanted: readonly unknown[]): YAMLSeq {
  const left = [...seq.items] as Node[];
  seq.items = wanted.map(item => {
    const at = left.findIndex(node => canonicalJson(node.toJS(doc)) === canonicalJson(item));
    return at >= 0 ? left.splice(at, 1)[0]! : doc.createNode(item, { aliasDuplicateObjects: false });
  });
  return seq;
}
