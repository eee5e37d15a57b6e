/**
 * The same text with the insides of strings and all comments blanked out by a
 * letter: patterns then match code only, at the same offsets.
 */
export function maskStrings(code: string): string {
  return code.replace(/#[^\n]*|(?:\b[rRbBuUfF]{1,2})?("""|''')(?:\\[\s\S]|(?!\1)[\s\S])*(?:\1|$)|(?:\b[rRbBuUfF]{1,2})?(["'])(?:\\[\s\S]|(?!\2)[^\n\\])*(?:\2|$)/gm, text => (text.startsWith('#') ? ' '.repeat(text.length) : text.replace(/[^\n]/g, (_, i: number) => (i === 0 || i === text.length - 1 ? '"' : 'x'))));
}

/** Applies a change of masked code, of equal length, to the code itself. */
export function applyMasked(code: string, masked: string, changed: string): string {
  let result = '';
  let from = 0;
  for (let i = 0; i < masked.length; i++) {
    if (masked[i] !== changed[i]) {
      result += code.slice(from, i) + changed[i]!;
      from = i + 1;
    }
  }
  return result + code.slice(from);
}
