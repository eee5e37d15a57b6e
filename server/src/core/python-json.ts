/** Parses JSON as Python writes it: integers too long for a double stay whole, as text, and so do NaN and the infinities. @throws {SyntaxError} */
export function parsePythonJson(text: string): unknown {
  const safe = /\d{16}/.test(text) ? text.replaceAll(/("(?:[^"\\]|\\.)*")|(?<![\w.+-])(-?\d{16,})(?![\w.])/g, (_, quoted: string | undefined, digits: string) => quoted ?? `"${digits}"`) : text;
  return JSON.parse(safe.replaceAll(/("(?:[^"\\]|\\.)*")|\b(NaN)\b|(-?\bInfinity\b)/g, (_, quoted?: string, nan?: string, infinity?: string) => quoted ?? `"${nan ?? infinity}"`));
}
