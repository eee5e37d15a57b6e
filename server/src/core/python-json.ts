/** A quoted text, or an integer that a double may not hold. */
const LONG_INTEGERS = /("(?:[^"\\]|\\.)*")|(?<![\w.+-])(-?\d{16,})(?![\w.])/g;
const NOT_FINITE = /("(?:[^"\\]|\\.)*")|\b(NaN)\b|(-?\bInfinity\b)/g;

/** Parses JSON as Python writes it: integers too long for a double stay whole, as text, and so do NaN and the infinities. @throws {SyntaxError} */
export function parsePythonJson(text: string): unknown {
  // Most bodies have neither, and some have a thousand points.
  let safe = /\d{16}/.test(text) ? text.replaceAll(LONG_INTEGERS, (_, quoted: string | undefined, digits: string) => quoted ?? `"${digits}"`) : text;
  safe = /NaN|Infinity/.test(safe) ? safe.replaceAll(NOT_FINITE, (_, quoted?: string, nan?: string, infinity?: string) => quoted ?? `"${nan ?? infinity}"`) : safe;
  return JSON.parse(safe);
}
