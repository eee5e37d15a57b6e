/** The value without NUL characters in its texts and keys: PostgreSQL can store none. */
export function withoutNul<T>(value: T): T {
  // Escaped, it is six plain characters in JSON; an escaped backslash before them makes them something else.
  return JSON.stringify(value).includes('\\u0000') ? (strip(value) as T) : value;
}

function strip(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replaceAll('\0', '');
  }
  if (Array.isArray(value)) {
    return value.map(strip);
  }
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.replaceAll('\0', ''), strip(inner)]))
    : value;
}
