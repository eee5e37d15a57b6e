import { z } from 'zod';

const noNul = (s: string): boolean => !s.includes('\0');
/** Text without NUL, which PostgreSQL cannot keep. */
export const Text = z.string().refine(noNul, 'a NUL character is not allowed');
export const Id = Text.min(1);
/** The number of an experiment, as text or as a number. */
export const ExperimentId = z.coerce.string().regex(/^\d{1,18}$/, 'it is not the number of an experiment');
/** 64 bits, as a number or as text. */
export const Int8 = z
  .union([z.number().int(), z.string().regex(/^-?\d{1,19}$/)])
  .transform(v => BigInt(v))
  .refine(v => BigInt.asIntN(64, v) === v, 'it does not fit 64 bits');
/** JSON has no NaN: it comes as text, and so may any other number. */
export const Float = z.union([z.number(), z.string().regex(/^(NaN|-?Infinity|-?\d+(\.\d+)?([eE][-+]?\d+)?)$/)]).transform(Number);
export const Tag = z.object({ key: Text, value: z.string().nullish().transform(v => v ?? '') });
/** A repeated query parameter comes alone where it stands once. */
export const list = <T extends z.ZodType>(item: T) => z.preprocess(v => (v === undefined || v === null ? [] : Array.isArray(v) ? v : [v]), z.array(item));
/** `run_id`, or its old name `run_uuid`. */
export function withRunId<S extends z.ZodRawShape>(shape: S) {
  return z.preprocess(
    v => (typeof v === 'object' && v !== null && !('run_id' in v && (v as { run_id: unknown }).run_id) && 'run_uuid' in v ? { ...v, run_id: v.run_uuid } : v),
    z.object({ run_id: Id, ...shape })
  );
}
/** Page sizes: a whole number in range. */
export const pageSize = (standard: number, most: number) => z.coerce.number().int().min(1).max(most).default(standard);
export const PageToken = z.string().nullish().transform(v => v || null);
const VIEW_NUMBERS: Record<string, string> = { 1: 'ACTIVE_ONLY', 2: 'DELETED_ONLY', 3: 'ALL' };
/** By name, or by its number in MLflow's protocol. */
export const ViewType = z.preprocess(v => VIEW_NUMBERS[String(v)] ?? v, z.enum(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']).default('ACTIVE_ONLY'));
