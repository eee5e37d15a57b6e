import { createHash } from 'node:crypto';

/** Of all that Slipway names by other means than a UUID. */
const NAMESPACE = Buffer.from('5a1a7e4d0c0b4a57a2f3d1d6f5b0c9e1', 'hex');

/** RFC 9562's version 5: the same name gives the same UUID, here and everywhere. */
export function uuid5(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return dashed(bytes.toString('hex'));
}

/** 32 hex digits in the form of a UUID. */
export function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
