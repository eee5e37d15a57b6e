/** Whether a kernel's or notebook's language, as Jupyter calls it, is Python: what we can read. */
export function isPython(language: string): boolean {
  return /^i?python\d*$/i.test(language);
}
