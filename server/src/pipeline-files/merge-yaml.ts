import { isMap, isScalar, isSeq, parseDocument, type Document, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { canonicalJson } from '../pipelines';

/**
 * New values written into a text: what is the same stays as it stands, with
 * its comments, order and spelling; what is new comes at the end of its map.
 */
export function mergeYaml(text: string, value: Record<string, unknown>): string {
  const doc = parseDocument(text, { version: '1.2', schema: 'core', logLevel: 'silent' });
  if (!isMap(doc.contents)) {
    doc.contents = doc.createNode(value, { aliasDuplicateObjects: false }) as never;
    return String(doc);
  }
  mergeMap(doc, doc.contents, value);
  return doc.toString({ lineWidth: 0 });
}

function mergeMap(doc: Document, map: YAMLMap, value: Record<string, unknown>): void {
  map.items = map.items.filter(({ key }) => isScalar(key) && value[String(key.value)] !== undefined);
  for (const [key, wanted] of Object.entries(value).filter(([, v]) => v !== undefined)) {
    const pair = map.items.find(item => isScalar(item.key) && item.key.value === key);
    if (pair) {
      pair.value = merged(doc, pair.value as Node | null, wanted);
    } else {
      map.items.push(doc.createPair(key, wanted, { aliasDuplicateObjects: false }));
    }
  }
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
