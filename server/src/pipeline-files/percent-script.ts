/** A cell of a script: text between two `# %%` lines. */
export interface ScriptCell {
  id: string;
  title: string;
  source: string;
  /** Of its `# %%`, from 1. */
  line: number;
}

export interface Script {
  /** Comments above the first cell, as they stand. */
  preamble: string;
  cells: ScriptCell[];
}

/** What is wrong with a script, at a line. */
export interface ScriptFault {
  line: number;
  message: string;
}

const HEADER = /^# %%(?:\s+(.*))?$/;
/**
 * Lines that would read as something else in a script, however often they are
 * commented out: headers of cells, and what only IPython understands.
 */
const HIDDEN = /^(\s*)((?:# )*(?:# ?%%(?:\s|$)|[%!]\S).*)$/;

/**
 * Writes cells as a percent-format script: `# %% [id] title`. Magics and lines
 * that look like a header are commented out; blank lines at a cell's edges are
 * counted in the header, so that no editor's tidying changes a cell.
 */
export function printScript(cells: readonly Pick<ScriptCell, 'id' | 'title' | 'source'>[], preamble = ''): string {
  const parts = cells.map(({ id, title, source }) => {
    const { body, above, below } = edges(source);
    const marks = [`# %% ${printId(id)}`, title, above + below > 0 ? `{"blank": [${above}, ${below}]}` : ''].filter(part => part !== '');
    return `${marks.join(' ')}\n${body === '' ? '' : `${body.split('\n').map(hide).join('\n')}\n`}`;
  });
  return [...(preamble === '' ? [] : [`${preamble}\n`]), ...parts].join('\n');
}

/** Reads a percent-format script; the faults name their lines. */
export function parseScript(text: string): Script & { faults: ScriptFault[] } {
  const lines = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n').split('\n');
  const starts = lines.flatMap((line, at) => (HEADER.test(line) ? [at] : []));
  const faults: ScriptFault[] = [];
  const head = lines.slice(0, starts[0] ?? lines.length);
  const code = head.findIndex(line => line.trim() !== '' && !line.startsWith('#'));
  if (code >= 0) {
    faults.push({ line: code + 1, message: 'There is code above the first cell: begin a cell with `# %% [id]`.' });
  }
  const cells = starts.map((at, index) => readCell(lines, at, starts[index + 1] ?? lines.length, index, faults));
  const seen = new Map<string, number>();
  for (const cell of cells) {
    if (seen.has(cell.id)) {
      faults.push({ line: cell.line, message: `The cell id ${cell.id} is taken by the cell at line ${seen.get(cell.id)}.` });
    }
    seen.set(cell.id, cell.line);
  }
  return { preamble: head.join('\n').trim(), cells, faults };
}

function readCell(lines: readonly string[], at: number, end: number, index: number, faults: ScriptFault[]): ScriptCell {
  const { id, rest } = readId(HEADER.exec(lines[at]!)![1] ?? '');
  const marks = /^(.*?)\s*\{"blank": \[(\d{1,4}), (\d{1,4})\]\}$/.exec(rest);
  const { body } = edges(lines.slice(at + 1, end).map(show).join('\n'));
  if (id === '') {
    faults.push({ line: at + 1, message: 'The id in the header of this cell is not closed or empty: write `# %% [id] title`.' });
  }
  const source = `${'\n'.repeat(Number(marks?.[2] ?? 0))}${body}${'\n'.repeat(Number(marks?.[3] ?? 0))}`;
  return { id: id ?? `#${index}`, title: (marks?.[1] ?? rest).trim(), source, line: at + 1 };
}

/** The id in brackets; undefined where there is none, `''` where it is broken. */
function readId(header: string): { id: string | undefined; rest: string } {
  if (!header.startsWith('[')) {
    return { id: undefined, rest: header };
  }
  const quoted = /^\[("(?:[^"\\]|\\.)*")\]\s*(.*)$/.exec(header);
  const plain = /^\[([^\]"]+)\]\s*(.*)$/.exec(header);
  if (quoted) {
    return { id: parseQuoted(quoted[1]!), rest: quoted[2]! };
  }
  return plain ? { id: plain[1]!.trim(), rest: plain[2]! } : { id: '', rest: header };
}

function parseQuoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return '';
  }
}

function printId(id: string): string {
  return /^[^\][\s"\\\p{C}]+$/u.test(id) ? `[${id}]` : `[${JSON.stringify(id).replace(/[\u007f-\u009f\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}]`;
}

const hide = (line: string): string => line.replace(HIDDEN, '$1# $2');

function show(line: string): string {
  const shown = line.replace(/^(\s*)# /, '$1');
  return shown !== line && HIDDEN.test(shown) ? shown : line;
}

/** A source without the empty lines at its edges, and how many there are. */
function edges(source: string): { body: string; above: number; below: number } {
  const lines = source.split('\n');
  const first = lines.findIndex(line => line !== '');
  if (first < 0) {
    return { body: '', above: lines.length - 1, below: 0 };
  }
  const last = lines.findLastIndex(line => line !== '');
  return { body: lines.slice(first, last + 1).join('\n'), above: first, below: lines.length - 1 - last };
}
