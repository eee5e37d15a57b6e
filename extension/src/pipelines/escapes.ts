/** Terminal colours, cursor moves and titles, as programs print them. */
// The colours of terminals.
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007]*\u0007|[@-_])/g;

/** A log as a person reads it: no colour codes, and of a line that was redrawn the last state. */
export function withoutEscapes(text: string): string {
  return text
    .replace(ESCAPES, '')
    .replace(/\r\n/g, '\n')
    .replace(/[^\n]*\r(?=[^\n])/g, '');
}
