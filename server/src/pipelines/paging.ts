import { InvalidInput } from '../core/errors';

/** The place in a newest-first list after which the next page starts. */
export interface Cursor {
  createdAt: Date;
  id: string;
}

export function encodeCursor(row: { created_at: Date; id: string }): string {
  return Buffer.from(`${row.created_at.toISOString()} ${row.id}`).toString('base64url');
}

/** @throws InvalidInput `invalid_cursor` */
export function decodeCursor(text: string): Cursor {
  const [at = '', id = ''] = Buffer.from(text, 'base64url').toString().split(' ');
  const createdAt = new Date(at);
  if (Number.isNaN(createdAt.getTime()) || !/^[0-9a-f-]{36}$/.test(id)) {
    throw new InvalidInput('invalid_cursor', 'The cursor is not one of ours; start from the first page.');
  }
  return { createdAt, id };
}
