import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** 256 random bits, marked as ours so that secret scanners know them. */
export function newSecret(): string {
  return `slw_${randomBytes(32).toString('base64url')}`;
}

/** The secret in a 0600 file; made at first use. Two makers at once agree on one. */
export function ensureSecretFile(file: string): string {
  const fresh = `${file}.${process.pid}.tmp`;
  writeFileSync(fresh, newSecret(), { mode: 0o600 });
  try {
    linkSync(fresh, file); // whole or not at all, and never over another's
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw error;
    }
  } finally {
    rmSync(fresh);
  }
  return readFileSync(file, 'utf8').trim();
}

/** Compares in a time that tells nothing about where two secrets differ. */
export function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));
}
