import type { S3Client } from '@aws-sdk/client-s3';
import { GLOB_LIMIT } from '../../core/glob';
import { changedSignal, type Look, type PolledOf } from './look';
import { judgeStamps, type WatchState } from './watched';

const CONNECT_MS = 5_000;
const ANSWER_MS = 20_000;

/**
 * Objects beneath a prefix of S3, or of what speaks its protocol. Region,
 * credentials and endpoint are those of the daemon's AWS configuration: a
 * trigger cannot send the daemon to an address of its own.
 */
export async function lookAtObjects({ url, profile }: PolledOf<'objects'>, before: unknown): Promise<Look> {
  // Loaded when the first such trigger is looked at: few have one.
  const { S3Client, paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  // The path style is what every server of the protocol knows.
  const client = new S3Client({ ...(profile && { profile }), forcePathStyle: true, maxAttempts: 2, requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true } });
  try {
    const seen = await listObjects(client, paginateListObjectsV2, url);
    const { state, changed } = judgeStamps(before as WatchState | null, seen, Date.now(), 0); // an object is there whole, or not at all
    return { state, signal: changedSignal('objects', changed, seen) };
  } catch (cause) {
    throw new Error(`${url} cannot be listed: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`, { cause });
  } finally {
    client.destroy();
  }
}

type Paginate = typeof import('@aws-sdk/client-s3').paginateListObjectsV2;

async function listObjects(client: S3Client, paginate: Paginate, url: string): Promise<Map<string, string>> {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(url)!;
  const seen = new Map<string, string>();
  for await (const page of paginate({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key, ETag, Size } of page.Contents ?? []) {
      seen.set(`s3://${bucket}/${Key}`, `${Size}/${ETag}`);
    }
    if (seen.size > GLOB_LIMIT) {
      throw new Error(`more than ${GLOB_LIMIT} objects are there; name a narrower prefix.`);
    }
  }
  return seen;
}
