import { endOfMagic, logicalLineStarts } from './logical-lines';
import { cellMagic, lineMagic } from './magic-kinds';

/** What the IPython syntax of a cell does, beside its Python. */
export interface Magics {
  /** Names bound by magics (`%%capture out`, `%store -r x`); those of `x = !cmd` are in the code. */
  binds: string[];
  /** Python names that shell commands take in: `!head {path}`. */
  uses: string[];
  /** Files written whole: `%%writefile m.py`. */
  writes: string[];
  /** Shell text: its words may be files read or written. */
  shell: string[];
  /** Spans whose bindings do not stay: `%timeit x = f()`. */
  isolated: { from: number; to: number }[];
  changesFolder: boolean;
  /** It may bind names that the text does not show: `%run other.py`. */
  bindsUnseen: boolean;
  changesEnvironment: boolean;
  /** Sentences without a subject: `runs a shell command, …`. */
  warnings: string[];
}

export interface Preprocessed extends Magics {
  /** Pure Python of exactly the source's length: offsets stay true. */
  code: string;
}

/** Replaces what IPython adds to Python by Python of the same length, and says what it did. */
export function preprocess(source: string): Preprocessed {
  const magics: Magics = { binds: [], uses: [], writes: [], shell: [], isolated: [], changesFolder: false, bindsUnseen: false, changesEnvironment: false, warnings: [] };
  const lead = /^\s*(?=%%)/.exec(source)?.[0].length ?? 0;
  if (source.startsWith('%%', lead)) {
    const end = endOfMagic(source, lead);
    const keepsBody = cellMagic(source.slice(lead, end).trim(), source.slice(end), magics);
    if (keepsBody === 'isolated') {
      magics.isolated.push({ from: end, to: source.length });
    }
    const code = blank(source.slice(0, end)) + (keepsBody ? replaceLines(source.slice(end), end, magics) : blank(source.slice(end)));
    return { ...magics, code };
  }
  return { code: replaceLines(source, 0, magics), ...magics };
}

/** Spaces for all but newlines. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

function replaceLines(source: string, offset: number, magics: Magics): string {
  if (!/[%!?]|^[ \t]*(cd|ls|pwd|pip|conda)\b/m.test(source)) {
    return source;
  }
  let code = '';
  const starts = [...logicalLineStarts(source), source.length];
  for (const [i, start] of starts.slice(0, -1).entries()) {
    code += replaceLine(source.slice(start, starts[i + 1]), start + offset, magics);
  }
  return code;
}

function replaceLine(line: string, offset: number, magics: Magics): string {
  const magic = /^([ \t]*)(%|!!?)(?![=\s])([\s\S]*)$/.exec(line);
  if (magic) {
    const [, indent, sign, rest] = magic as unknown as [string, string, string, string];
    const kept = lineMagic(sign, rest.trimEnd(), magics);
    return indent + statement(line.slice(indent.length), kept, offset + indent.length, magics);
  }
  const automagic = /^(cd|ls|pip|conda)[ \t]+(?![=.(,[+\-*/%&|<>:])(\S.*)$/.exec(line.trimEnd());
  if (automagic && !/^(in|is|and|or|if|not)\b/.test(automagic[2]!)) {
    lineMagic('%', line.trimEnd(), magics);
    return statement(line, null, offset, magics);
  }
  const assigned = /^([ \t]*[A-Za-z_*(][\w.,*() \t]*(?:\[[^\]\n]*\])?[ \t]*=[ \t]*)([%!])(?!=)([\s\S]*)$/.exec(line);
  if (assigned) {
    const [, left, sign, rest] = assigned as unknown as [string, string, string, string];
    const kept = lineMagic(sign, rest.trimEnd(), magics);
    return left + (kept ? blank(line.slice(left.length, line.length - kept.text.length - trailing(line).length)) + kept.text + trailing(line) : zero(line.slice(left.length)));
  }
  const isHelp = /^[ \t]*(\?{1,2}[\w.*%]+|%{0,2}[\w.*]+(\([^()]*\))?\?{1,2})[ \t]*;?[ \t]*(#.*)?\r?\n?$/.test(line);
  return isHelp ? statement(line, null, offset, magics) : line;
}

/** `%time x = 1` → `0;    x = 1`: a statement of the same length that keeps the Python inside. */
function statement(text: string, kept: { text: string; isIsolated: boolean } | null, offset: number, magics: Magics): string {
  if (!kept) {
    return zero(text);
  }
  const end = trailing(text);
  const head = text.length - end.length - kept.text.length;
  if (kept.isIsolated) {
    magics.isolated.push({ from: offset + head, to: offset + head + kept.text.length });
  }
  return `0;${blank(text.slice(2, head))}${kept.text}${end}`;
}

function zero(text: string): string {
  return `0${blank(text.slice(1))}`;
}

function trailing(text: string): string {
  return /\s*$/.exec(text)![0];
}
