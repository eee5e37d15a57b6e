import { readFileSync } from 'node:fs';
import type { BlobStore, StoredItem, StoredValue } from './spec';

/** Digests of the items of a stored list, in order; none for any other value. */
export function blobsOf(value: Pick<StoredValue, 'codec' | 'digest'>, blobs: Pick<BlobStore, 'pathOf'>): string[] {
  return value.codec === 'list' ? storedItems(value.digest, blobs).map(item => item.digest) : [];
}

/** What the bytes of a stored list say. */
export function storedItems(digest: string, blobs: Pick<BlobStore, 'pathOf'>): StoredItem[] {
  return JSON.parse(readFileSync(blobs.pathOf(digest), 'utf8')) as StoredItem[];
}
