/** Who did something, in the words of a sentence: of `token:deploy` the name, `deploy (API token)`. */
export function personName(id: string): string {
  return id.startsWith('token:') ? `${id.slice('token:'.length)} (API token)` : id;
}
