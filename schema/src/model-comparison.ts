import { z } from 'zod';
import { MetricValue } from './common';

export const ComparisonQuery = z.object({
  candidate: z.string().min(1).max(300).describe('A version’s number, `latest` or `@alias`'),
  champion: z.string().min(1).max(300).default('@champion')
});

/** What one of the two has, and the other; null where it has none. */
const sides = <T extends z.ZodType>(value: T) => ({ candidate: value.nullable(), champion: value.nullable() });
export const DiffLine = z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() });
export type DiffLine = z.infer<typeof DiffLine>;
export const CellDifference = z.object({
  cellId: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  /** From the champion's source to the candidate's; unchanged lines far from a change are left out. */
  lines: z.array(DiffLine)
});
export type CellDifference = z.infer<typeof CellDifference>;

/** A column of the signature that is not the same in both. */
export const SignatureChange = z.object({
  part: z.enum(['inputs', 'outputs']),
  column: z.string(),
  ...sides(z.string()),
  isBreaking: z.boolean().describe('Who calls the champion cannot call the candidate as before')
});
export type SignatureChange = z.infer<typeof SignatureChange>;
export const SliceDifference = z.object({
  metric: z.string(),
  column: z.string(),
  value: z.string(),
  rows: z.number().nullable().describe('Of the candidate’s slice'),
  ...sides(MetricValue),
  change: z.number().nullable()
});
export type SliceDifference = z.infer<typeof SliceDifference>;

/** What differs between two versions of a model: only that, each list empty where nothing does. */
export const ModelComparison = z
  .object({
    model: z.string(),
    candidate: z.object({ version: z.string(), runId: z.string().nullable() }),
    champion: z.object({ version: z.string(), runId: z.string().nullable() }),
    params: z.array(z.object({ name: z.string(), ...sides(z.string()) })),
    metrics: z.array(z.object({ name: z.string(), ...sides(MetricValue), change: z.number().nullable().describe('Candidate less champion') })),
    slices: z.array(SliceDifference).describe('Metrics of one slice of the data each'),
    signature: z.array(SignatureChange),
    packages: z.array(z.object({ name: z.string(), ...sides(z.string()) })),
    data: z.array(z.object({ path: z.string(), ...sides(z.string()) })).describe('Digests of what was read; `unknown` where it was not digested'),
    cells: z.array(CellDifference),
    /** What could not be compared, and why. */
    notes: z.array(z.string())
  })
  .meta({ id: 'ModelComparison' });
export type ModelComparison = z.infer<typeof ModelComparison>;

/** How a version came about, as far as it was recorded. */
export const VersionMaking = z
  .object({
    params: z.record(z.string(), z.string()),
    notebookPath: z.string().nullable(),
    cells: z.array(z.object({ id: z.string(), source: z.string() })),
    packages: z.record(z.string(), z.string()),
    python: z.string().nullable().describe('Version of the Python that logged the model'),
    data: z.array(z.object({ path: z.string(), digest: z.string().nullable() })),
    /** What is not known, and why. */
    notes: z.array(z.string())
  })
  .meta({ id: 'VersionMaking' });
export type VersionMaking = z.infer<typeof VersionMaking>;
