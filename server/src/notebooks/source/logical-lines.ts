/**
 * Offsets at which logical lines of Python begin: line starts that lie in no
 * string, no bracket and after no backslash. IPython looks for magics only
 * there.
 */
export function logicalLineStarts(source: string): number[] {
  const starts: number[] = [];
  let depth = 0;
  let isStart = true;
  for (let i = 0; i < source.length; ) {
    if (isStart) {
      starts.push(i);
      isStart = false;
      if (/^[ \t]*[%!?]/.test(source.slice(i, i + 80))) {
        i = endOfMagic(source, i); // a shell line's quotes and brackets are not Python's
        isStart = true;
        continue;
      }
    }
    const c = source[i]!;
    if (c === '#') {
      i = endOfLine(source, i);
    } else if (c === '"' || c === "'") {
      i = endOfString(source, i);
    } else if (c === '\\') {
      i += 2;
    } else {
      depth = Math.max(0, depth + ('([{'.includes(c) ? 1 : ')]}'.includes(c) ? -1 : 0));
      isStart = c === '\n' && depth === 0;
      i++;
    }
  }
  return starts;
}

/** After the line's newline; a backslash at its end goes on. */
export function endOfMagic(source: string, from: number): number {
  let end = endOfLine(source, from);
  while (end < source.length && source[end - 1] === '\\') {
    end = endOfLine(source, end + 1);
  }
  return Math.min(end + 1, source.length);
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

function endOfString(source: string, from: number): number {
  const quote = source[from]!;
  const isTriple = source.startsWith(quote.repeat(3), from);
  const close = isTriple ? quote.repeat(3) : quote;
  for (let i = from + close.length; i < source.length; i++) {
    if (source[i] === '\\') {
      i++;
    } else if (source.startsWith(close, i)) {
      return i + close.length;
    } else if (!isTriple && source[i] === '\n') {
      return i; // unterminated: the parser will say so
    }
  }
  return source.length;
}
