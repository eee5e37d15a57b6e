import { z } from 'zod';
import { Instant } from './common';

/** Where jobs can run besides this machine. */
export const Engine = z
  .object({
    name: z.string(),
    kind: z.enum(['slurm', 'ray', 'kubernetes']),
    address: z.string(),
    isAnswering: z.boolean(),
    /** What is wrong, and its cure; null = nothing. */
    message: z.string().nullable(),
    lastAnswerAt: Instant.nullable(),
    /** The largest job it takes. */
    limits: z.object({ cpus: z.number(), memoryBytes: z.number(), gpus: z.int(), maxJobs: z.int() }),
    running: z.int().describe('Our jobs there now, those in its own queue among them'),
    waiting: z.int().describe('Our jobs that wait here to go there'),
    held: z.object({ cpus: z.number(), memoryBytes: z.number(), gpus: z.number() }).describe('What our jobs there asked for')
  })
  .meta({ id: 'Engine' });
export type Engine = z.infer<typeof Engine>;
export const EngineList = z.object({ items: z.array(Engine) });
