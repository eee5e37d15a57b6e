import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Place, Problems } from './problems';

/** More is no pipeline: a hundred steps are about ten thousand characters, and three hundred lines. */
const MOST_CHARACTERS = 200_000;
const MOST_LINES = 5_000;
/** Characters that mean something to YAML: what the time to read it grows with. */
const MOST_MARKS = 10_000;
/** The format nests six deep at most. */
const MOST_DEPTH = 32;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Where the values of a document stand. */
export type Locate = (path: readonly PropertyKey[], part?: 'key' | 'value') => Place;

export interface ReadYaml {
  value: unknown;
  locate: Locate;
  doc: Document;
}

/**
 * Reads YAML 1.2 as plain data. Aliases, tags of one's own, keys that are no
 * text and anything that could grow beyond what is written are refused; null
 * when the problems say so.
 */
export function readYaml(file: string, text: string, problems: Problems): ReadYaml | null {
  const start: Place = { file, line: 1, column: 1 };
  const tooMuch = excess(text);
  if (tooMuch !== null) {
    problems.add({ file, ...tooMuch.at }, tooMuch.message);
    return null;
  }
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const doc = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', uniqueKeys: false, merge: false, prettyErrors: false, logLevel: 'silent' });
    for (const fault of [...doc.errors, ...doc.warnings].slice(0, MOST_FAULTS)) {
      problems.add(placeAt(fault.pos[0]), fault.code === 'TAG_RESOLVE_FAILED' ? 'Tags have no meaning here: write plain values.' : `${fault.message.replace(/\s+/g, ' ')}.`.replace(/\.\.$/, '.'));
    }
    if (doc.contents !== null && problems.isEmpty) {
      refuseOddities(doc, placeAt, problems);
    }
    if (!problems.isEmpty) {
      return null;
    }
    return { value: doc.toJS({ maxAliasCount: 0 }) as unknown, locate: locator(doc, placeAt, start), doc };
  } catch (error) {
    problems.add(start, `This is no YAML that can be read: ${error instanceof Error ? error.message : String(error)}.`);
    return null;
  }
}

function excess(text: string): { at: { line: number; column: number }; message: string } | null {
  if (text.length > MOST_CHARACTERS) {
    return { at: { line: 1, column: 1 }, message: `The file has ${text.length} characters; at most ${MOST_CHARACTERS} are read.` };
  }
  const lines = text.split('\n');
  if (lines.length > MOST_LINES || (text.match(/[[\]{},:?&!%*\\-]/g) ?? []).length > MOST_MARKS) {
    return { at: { line: 1, column: 1 }, message: 'This says more than a pipeline ever does, and is not read.' };
  }
  let depth = 0;
  for (const [index, line] of lines.entries()) {
    const dashes = (/^\s*(?:[-?:]\s+)+/.exec(line)?.[0].match(/[-?:]/g) ?? []).length;
    depth += (line.match(/[[{]/g) ?? []).length - (line.match(/[\]}]/g) ?? []).length;
    const indent = /^ */.exec(line)![0].length;
    if (Math.max(depth, dashes, indent / 2) > MOST_DEPTH * 2) {
      return { at: { line: index + 1, column: 1 }, message: 'This is nested deeper than a pipeline ever is.' };
    }
  }
  return null;
}

/** Faults come by the thousand where one thing is wrong everywhere. */
const MOST_FAULTS = 50;

function refuseOddities(doc: Document, placeAt: (offset: number) => Place, problems: Problems): void {
  visit(doc, (_key, node, path) => {
    const offset = (isPair(node) ? (node.key as Node | null)?.range : (node as Node).range)?.[0] ?? 0;
    if (path.length > MOST_DEPTH * 2) {
      problems.add(placeAt(offset), 'This is nested deeper than a pipeline ever is.');
      return visit.BREAK;
    }
    if (isMap(node)) {
      repeatedKeys(node).forEach(key => problems.add(placeAt(key.range?.[0] ?? 0), `The key ${String(key.value)} is there twice.`));
    } else if (isAlias(node)) {
      problems.add(placeAt(offset), `Aliases are not read: write what \`*${node.source}\` stands for.`);
    } else if (isPair(node) && !(isScalar(node.key) && typeof node.key.value === 'string')) {
      problems.add(placeAt(offset), 'A key is plain text; put numbers and the like in quotes.');
    } else if (isPair(node) && FORBIDDEN_KEYS.has(String((node.key as { value: unknown }).value))) {
      problems.add(placeAt(offset), `\`${String((node.key as { value: unknown }).value)}\` cannot be a name.`);
    }
    return undefined;
  });
}

function repeatedKeys(map: YAMLMap): Scalar[] {
  const seen = new Set<unknown>();
  return map.items.flatMap(({ key }) => {
    const isRepeated = isScalar(key) && seen.has(key.value);
    seen.add(isScalar(key) ? key.value : key);
    return isRepeated ? [key] : [];
  });
}

/** Finds the place of a path; of the nearest thing around it where that is not written. */
function locator(doc: Document, placeAt: (offset: number) => Place, start: Place): Locate {
  return (path, part = 'value') => {
    let place = start;
    let node: unknown = doc.contents;
    for (const [depth, key] of path.entries()) {
      const pair: Pair | undefined = isMap(node) ? node.items.find(item => isScalar(item.key) && item.key.value === key) : undefined;
      const next: unknown = pair ? pair.value : isSeq(node) && typeof key === 'number' ? node.items[key] : undefined;
      const wanted = part === 'key' && depth === path.length - 1 && pair ? pair.key : (next ?? pair?.key);
      const range = (wanted as Node | undefined)?.range;
      if (!range) {
        return place;
      }
      place = placeAt(range[0]);
      node = next;
    }
    return place;
  };
}
