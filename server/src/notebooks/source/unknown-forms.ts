import { applyMasked, maskStrings } from './mask';

/** Forms of Python that the grammar lacks, brought to ones of equal length and, for us, equal meaning. */
export function rewriteUnknownForms(code: string): string {
  const masked = maskStrings(code);
  const changed = SIMPLE.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), withItems(masked));
  return applyMasked(withoutComments(code, masked), masked, changed);
}

/** A comment would swallow what is brought onto its line. */
function withoutComments(code: string, masked: string): string {
  return masked.replace(/[^ ]/g, (_, i: number) => code[i]!);
}

const SIMPLE: [RegExp, (...parts: string[]) => string][] = [
  // `2.` and `1.e-3`: the grammar wants a digit after the point.
  [/(?<![\w.])(\d[\d_]*)\.(?![\d.]|[A-DF-Za-df-z_])/g, (_, digits) => `${digits!}_`],
  [/\f/g, () => ' '],
  // `case dict():`, `case []:`
  [/^([ \t]*case\b[^\n]*)$/gm, (_, line) => line!.replace(/(\w)\(\)/g, '$1._').replace(/\[\]|\{\}/g, '""')],
  [/\bas([ \t]+)(\([\w \t,*()]*\))(?=[ \t]*[:,])/g, (_, space, names) => `as${space!}${'_'.repeat(names!.length)}`],
  [/\[\*(?=\w)/g, () => '[ '],
  [/^([ \t]*)yield(?=[ \t]*$)/gm, (_, indent) => `${indent!}pass `],
  [/([(=:][ \t]*)yield(?=[ \t]*(?:\)|$))/gm, (_, before) => `${before!}None `],
  [/\bexcept\*/g, () => 'except '],
  [/\bexcept([ \t]+)([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)([ \t]*:)/g, (_, space, types, end) => `except${space!}${types!.replaceAll(',', '|')}${end!}`],
  [/(\bfor\b[^\n]*?,[ \t]*)\*(?=\w+[^\n]*\bin\b)/g, (_, before) => `${before!} `],
  [/\bin([ \t]+)\*(?=\w)/g, (_, space) => `in${space!} `]
];

/** `with (a as b, c as d):` without its brackets, on one line. */
function withItems(masked: string): string {
  let text = masked;
  for (const match of masked.matchAll(/^[ \t]*(?:async[ \t]+)?with[ \t]*(?=\()/gm)) {
    const open = match.index + match[0].length;
    const close = closingBracket(masked, open);
    const inner = masked.slice(open + 1, close);
    if (close > 0 && /^[ \t]*:/.test(masked.slice(close + 1)) && /\bas\b/.test(inner)) {
      text = `${text.slice(0, open)} ${inner.replace(/\n/g, ' ').replace(/,(\s*)$/, ' $1')} ${text.slice(close + 1)}`;
    }
  }
  return text;
}

function closingBracket(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    depth += '([{'.includes(text[i]!) ? 1 : ')]}'.includes(text[i]!) ? -1 : 0;
    if (depth === 0) {
      return i;
    }
  }
  return -1;
}
