import type { Node } from '../source/node';

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '0': '\0', a: '\x07', b: '\b', f: '\f', v: '\v', '\n': '' };

/** The text of a plain string literal; null for bytes. */
export function stringValue(text: string): string | null {
  const match = /^([a-zA-Z]*)('''|"""|'|")([\s\S]*)\2$/.exec(text);
  if (!match || /b/i.test(match[1]!)) {
    return null;
  }
  return /r/i.test(match[1]!)
    ? match[3]!
    : match[3]!.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g, (all, x: string | undefined, u: string | undefined, c: string) => (x ?? u ? String.fromCharCode(parseInt((x ?? u)!, 16)) : (ESCAPES[c] ?? all)));
}

/** The pieces of an f-string: text, and the expressions in it with the text before each. */
export function formatPieces(node: Node): (string | Node)[] {
  const prefix = /^[a-zA-Z]*('''|"""|'|")/.exec(node.text)![0];
  const quote = prefix.replace(/^[a-zA-Z]*/, '');
  const pieces: (string | Node)[] = [];
  let at = node.from + prefix.length;
  for (const kid of node.kids) {
    if (kid.name === 'FormatReplacement') {
      pieces.push(node.text.slice(at - node.from, kid.from - node.from), kid);
      at = kid.to;
    }
  }
  pieces.push(node.text.slice(at - node.from, Math.max(at - node.from, node.text.length - quote.length)));
  return pieces;
}

/** `"\nTest accuracy: "` → `Test accuracy`; the same rule as the kernel's hook has. */
export function cleanLabel(text: string): string {
  const lastLine = text.trimEnd().split('\n').at(-1)!;
  return lastLine
    .replace(/[^\p{L}\p{N}_\-. /]+/gu, ' ')
    .replace(/^[ \-./]+|[ \-./]+$/g, '')
    .replace(/\s+/g, ' ')
    .slice(0, 100);
}

/** The label of a field that follows `text`: `", F1: "` → `F1`. */
export function labelBefore(text: string): string {
  return cleanLabel(text.replace(/ +$/, '').split(/[,;|\n\t]/).at(-1)!);
}
