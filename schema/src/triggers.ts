import { z } from 'zod';
import { Instant, PageQuery, Scalar, pageOf } from './common';
import { SecretReference } from './pipeline-options';
import { ScheduleName } from './schedules';

const Path = z.string().min(1).max(4096).regex(/^\//, 'A path is absolute, on the daemon’s machine');
const Branch = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/, 'A branch’s name has letters, digits, `.`, `_`, `-` and `/`');

/** One thing a trigger waits for. */
export const TriggerSource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('files'),
    glob: Path.describe('`*` within a name, `**` over folders, `?` one character'),
    settleMs: z.int().min(0).max(86_400_000).default(2_000).describe('How long a file must have stayed as it is')
  }),
  z.strictObject({
    kind: z.literal('objects'),
    url: z.string().max(1_100).regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[^\0]*$/, 'It is written `s3://bucket/prefix`').describe('Objects beneath this prefix, of S3 or what speaks its protocol; region, credentials and endpoint are those of the daemon’s AWS configuration'),
    profile: z.string().regex(/^[\w.-]{1,100}$/).optional().describe('A profile of that configuration'),
    everyMs: z.int().min(5_000).max(86_400_000).default(30_000)
  }),
  z.strictObject({ kind: z.literal('pipeline'), pipeline: z.string().min(1).max(100), on: z.enum(['succeeded', 'failed', 'any']).default('succeeded') }),
  z.strictObject({
    kind: z.literal('event'),
    type: z.string().min(1).max(200).describe('An event of Slipway’s own, or a CloudEvent handed in: `model_version.created`, `com.example.drift`; `*` stands for anything'),
    subject: z.string().min(1).max(1_000).optional().describe('What it is about, a model’s name for instance')
  }),
  z.strictObject({ kind: z.literal('dataset'), path: z.string().min(1).max(4096).describe('New bytes under this path, as lineage sees them read or written') }),
  z.strictObject({ kind: z.literal('git'), repository: Path.describe('A repository on the daemon’s machine; looked at every five seconds'), branch: Branch }),
  z.strictObject({
    kind: z.literal('webhook'),
    verify: z.enum(['token', 'github', 'gitlab']).describe('`token`: a bearer token; `github`: `X-Hub-Signature-256`; `gitlab`: `X-Gitlab-Token`'),
    branch: Branch.optional().describe('Only pushes to this branch')
  }),
  z
    .strictObject({
      kind: z.literal('query'),
      sqlite: Path.optional().describe('An SQLite file, opened read-only'),
      postgres: SecretReference.optional().describe('Where the `postgresql://` URL of a database lies'),
      sql: z.string().min(1).max(10_000).describe('One SELECT; it fires when its rows are others than before'),
      args: z.array(Scalar).max(100).default([]).describe('Bound to its `?` (SQLite), or `$1`, `$2`, … (PostgreSQL)'),
      everyMs: z.int().min(5_000).max(86_400_000).default(60_000)
    })
    .refine(query => (query.sqlite === undefined) !== (query.postgres === undefined), { path: ['sqlite'], message: 'Name an SQLite file, or the secret with a PostgreSQL URL' })
]);
export type TriggerSource = z.infer<typeof TriggerSource>;

/** A param that takes its value from what fired the trigger. */
export const PayloadBinding = z.strictObject({
  param: z.string().min(1).max(200),
  pointer: z.string().max(1_000).regex(/^(\/([^~/]|~[01])*)*$/, 'A JSON pointer begins with `/`, for instance `/data/files/0`').describe('RFC 6901, into the payload of the firing')
});
export type PayloadBinding = z.infer<typeof PayloadBinding>;

/** Any of the groups, all the sources of a group. */
export const TriggerWhen = z.strictObject({ any: z.array(z.strictObject({ all: z.array(TriggerSource).min(1).max(20) })).min(1).max(20) });

export const TriggerSpec = z
  .strictObject({
    name: ScheduleName,
    when: TriggerWhen,
    debounceMs: z.int().min(0).max(7 * 86_400_000).default(0).describe('Waits until nothing more came for so long; ten times as long at most'),
    maxPerHour: z.int().min(1).max(3_600).default(60).describe('Firings beyond are refused: loops that nobody saw end here'),
    params: z.record(z.string(), Scalar).default({}),
    bindings: z.array(PayloadBinding).max(50).default([]),
    isPaused: z.boolean().default(false)
  })
  .meta({ id: 'TriggerSpec' });
export type TriggerSpec = z.infer<typeof TriggerSpec>;

export const Trigger = z
  .object({
    id: z.uuid(),
    pipeline: z.string(),
    ...TriggerSpec.shape,
    /** By the place in `when` (`any.0.all.1`): why a source could not be looked at. */
    faults: z.array(z.object({ place: z.string(), message: z.string() })),
    /** Things that came about and wait for the rest of their group, or for the debounce. */
    pending: z.int(),
    lastFiredAt: Instant.nullable(),
    hookPath: z.string().nullable().describe('Where webhooks are posted to; null without one'),
    createdBy: z.string(),
    createdAt: Instant
  })
  .meta({ id: 'Trigger' });
export type Trigger = z.infer<typeof Trigger>;
export const TriggerList = z.object({ items: z.array(Trigger) });
/** The secret of its webhooks is shown here and nowhere else. */
export const SavedTrigger = z.object({ trigger: Trigger, secret: z.string().nullable() }).meta({ id: 'SavedTrigger' });
export type SavedTrigger = z.infer<typeof SavedTrigger>;

export const FireTrigger = z.strictObject({ data: z.record(z.string(), z.json()).default({}).describe('Found by bindings under `/data`') });

/** Why a trigger fired, and which run that started. */
export const TriggerFiring = z
  .object({
    id: z.uuid(),
    triggerId: z.uuid(),
    at: Instant,
    state: z.enum(['waiting', 'started', 'refused']),
    reason: z.string(),
    payload: z.record(z.string(), z.unknown()),
    runId: z.string().nullable(),
    error: z.string().nullable()
  })
  .meta({ id: 'TriggerFiring' });
export type TriggerFiring = z.infer<typeof TriggerFiring>;
export const TriggerFiringPage = pageOf(TriggerFiring);
export const TriggerFiringQuery = PageQuery;

/** A CloudEvent 1.0 in structured JSON. */
export const CloudEvent = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: z.string().min(1).max(200),
    source: z.string().min(1).max(1_000),
    type: z.string().regex(/^[A-Za-z0-9][\w.-]{0,199}$/),
    subject: z.string().max(1_000).optional(),
    data: z.json().optional()
  })
  .meta({ id: 'CloudEvent' });
export type CloudEvent = z.infer<typeof CloudEvent>;
