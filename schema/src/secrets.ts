import { z } from 'zod';
import { Instant } from './common';

/** A secret by its name; its value is never given back. */
export const KnownSecret = z.object({ name: z.string(), updatedAt: Instant, updatedBy: z.string() }).meta({ id: 'KnownSecret' });
export type KnownSecret = z.infer<typeof KnownSecret>;
export const SecretName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'A secret’s name has letters, digits, `.`, `_`, `-`, and starts with a letter or digit');
export const KnownSecretList = z.object({ items: z.array(KnownSecret) });
export const SetSecret = z.strictObject({ value: z.string().min(1).max(64 * 1024) });
