import { InvalidInput } from '../../core/errors';

export type ViewType = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';
/** What every search of MLflow's takes. */
export interface Page {
  filter: string;
  orderBy: readonly string[];
  maxResults: number;
  pageToken: string | null;
}
export interface Found<R> {
  rows: R[];
  nextPageToken: string | null;
}
export const STAGES: Record<ViewType, string[]> = { ACTIVE_ONLY: ['active'], DELETED_ONLY: ['deleted'], ALL: ['active', 'deleted'] };

/** One page of rows that were asked for with one to spare, which tells whether more follow. */
export function pageOf<R>(rows: readonly R[], page: { maxResults: number; pageToken: string | null }): Found<R> {
  return { rows: rows.slice(0, page.maxResults), nextPageToken: rows.length > page.maxResults ? tokenOf(offsetOf(page.pageToken) + page.maxResults) : null };
}

/** MLflow's tokens name a place in the order, not a row. */
function tokenOf(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64');
}

/** @throws {InvalidInput} `invalid_page_token` */
export function offsetOf(token: string | null): number {
  if (!token) {
    return 0;
  }
  try {
    const { offset } = JSON.parse(Buffer.from(token, 'base64').toString()) as { offset: unknown };
    if (Number.isSafeInteger(offset) && Number(offset) >= 0) {
      return Number(offset);
    }
  } catch {
    // told below
  }
  throw new InvalidInput('invalid_page_token', 'Invalid page token, could not be decoded.');
}
