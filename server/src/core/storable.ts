/** The value, one that JSON can hold, as PostgreSQL takes it: without NUL characters, and with � for halves of surrogate pairs, in its texts and keys. */
export function storable<T>(value: T): T {
  // Escaped, both are plain characters in JSON; an escaped backslash before them makes them something else, which costs a look.
  return /\\u(0000|d[89a-f])/.test(JSON.stringify(value) ?? '') ? (clean(value) as T) : value;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') {
    return cleanText(value);
  }
  if (Array.isArray(value)) {
    return value.map(clean);
  }
  return value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), clean(inner)])) : value;
}

const cleanText = (text: string): string => text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd');
