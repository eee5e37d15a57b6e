import { InvalidInput } from '../core/errors';
import { isUuid } from '../core/uuid';

/** The place in a newest-first list after which the next page starts. */
export interface Cursor {
  createdAt: Date;
  id: string;
}

export function encodeCursor(row: { created_at: Date; id: string }): string {
  return Buffer.from(`${row.created_at.toISOString()} ${row.id}`).toString('base64url');
}

/** Of rows asked for with one more than the limit: those of the page, and where the next one starts. */
export function pageOfRows<T extends { created_at: Date; id: string }>(rows: readonly T[], limit: number): { shown: T[]; nextCursor?: string } {
  const shown = rows.slice(0, limit);
  return { shown, ...(rows.length > limit && { nextCursor: encodeCursor(shown.at(-1)!) }) };
}

/** @throws InvalidInput `invalid_cursor` */
export function decodeCursor(text: string): Cursor {
  const [at = '', id = ''] = Buffer.from(text, 'base64url').toString().split(' ');
  const createdAt = new Date(at);
  if (Number.isNaN(createdAt.getTime()) || !isUuid(id)) {
    throw new InvalidInput('invalid_cursor', 'The cursor is not one of ours; start from the first page.');
  }
  return { createdAt, id };
}
