import { z } from 'zod';
import { Instant } from './common';
import { PERMISSIONS } from './contract';

export const SystemStatus = z
  .object({
    version: z.string(),
    url: z.string(),
    home: z.string(),
    startedAt: Instant,
    database: z.object({ kind: z.enum(['embedded', 'external']), isUp: z.boolean() }),
    sandbox: z.object({ kind: z.enum(['bubblewrap', 'none']), note: z.string().nullable() }),
    slots: z.object({
      cpus: z.object({ total: z.number(), used: z.number() }),
      memoryBytes: z.object({ total: z.number(), used: z.number() }),
      gpus: z.array(z.object({ uuid: z.string(), name: z.string(), memoryBytes: z.number(), isUsed: z.boolean() }))
    }),
    /** Shown as banners, each with its cure. */
    warnings: z.array(z.string())
  })
  .meta({ id: 'SystemStatus' });
export type SystemStatus = z.infer<typeof SystemStatus>;

/** Without a slash at its end; null until a JupyterLab called. `URL/lab?slipway-open=run:ID` opens a page there. */
export const KnownLab = z.object({ labUrl: z.url().nullable() });

export const Token = z.object({
  id: z.string(),
  name: z.string(),
  permissions: z.array(z.enum(PERMISSIONS)),
  createdAt: Instant,
  expiresAt: Instant.nullable(),
  lastUsedAt: Instant.nullable()
});
/** Who calls, as promotions and evidence name them. */
export const Me = z.object({ person: z.string(), permissions: z.array(z.enum(PERMISSIONS)) }).meta({ id: 'Me' });
export type Me = z.infer<typeof Me>;
export const TokenList = z.object({ items: z.array(Token) });
export const NewToken = z.object({
  name: z.string().min(1).max(100),
  permissions: z.array(z.enum(PERMISSIONS)).min(1),
  expiresInDays: z.number().int().min(1).max(3650).optional()
});
/** The secret is shown this once. */
export const IssuedToken = Token.extend({ secret: z.string() });

/** One server-sent event of `GET /api/v1/events`; `id` resumes with `Last-Event-ID`. */
export const SlipwayEvent = z
  .object({
    id: z.string(),
    /** `session.changed`, `cell.executed`, `trial.changed`, `proof.changed`, `pipeline.changed`, `run.changed`, `step.changed`, `log.appended`, `model.changed`, and what webhooks can ask for. */
    type: z.string(),
    /** What it is about: a session, run, pipeline or model id. */
    subject: z.string(),
    data: z.record(z.string(), z.unknown()),
    at: Instant
  })
  .meta({ id: 'SlipwayEvent' });
export type SlipwayEvent = z.infer<typeof SlipwayEvent>;
