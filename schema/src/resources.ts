import { z } from 'zod';

const GIB = 2 ** 30;

/**
 * What a job asks for. A job of `ranks` processes asks for it that many times,
 * and gets all of them at once or none.
 */
export const Resources = z
  .strictObject({
    cpus: z.number().positive().max(1024).default(1),
    memoryBytes: z.int().positive().default(4 * GIB),
    gpus: z
      .number()
      .nonnegative()
      .max(1024)
      .refine(n => n < 1 || Number.isInteger(n), 'Whole GPUs, or a share of one below 1')
      .default(0)
      .describe('Whole GPUs, or a share of one below 1'),
    gpuTypes: z.array(z.string().min(1).max(80)).max(16).default([]).describe('Accepted models, best first, looked for in the GPU’s name (`H100`); none = any'),
    gpuMemoryBytes: z.int().nonnegative().default(0).describe('At least this much memory on each GPU'),
    migProfile: z
      .string()
      .regex(/^\d+g\.\d+gb$/, 'A MIG profile looks like `1g.10gb`')
      .nullable()
      .default(null)
      .describe('Slices of this MIG profile in place of whole GPUs'),
    scratchBytes: z.int().nonnegative().default(0),
    licences: z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/), z.int().positive().max(10_000)).default({}).describe('Named counters, each so many at once'),
    ranks: z.int().min(1).max(4096).default(1).describe('Processes of a gang')
  })
  .meta({ id: 'Resources' });
export type Resources = z.infer<typeof Resources>;
/** What a user writes of `Resources`; the rest has defaults. */
export type ResourcesInput = z.input<typeof Resources>;
