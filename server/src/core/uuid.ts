/** What a column of UUIDs takes. PostgreSQL refuses anything else as an error, where what is asked for is just not there. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
