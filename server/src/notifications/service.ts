import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { NotificationStatus, PipelineOptions, SentNotification } from '@slipway/schema';
import { InvalidInput } from '../core/errors';
import type { Log } from '../core/log';
import { storable } from '../core/storable';
import type { Db, Tx } from '../database';
import type { Events } from '../events';
import { createAddressRules, createPoster, waitAfter, type Patience } from '../webhooks';
import { createMailer, type MailConfig } from './mail';
import { reasonOf, toSent } from './mapping';
import * as store from './store';
import type { CloudEvent, NotificationRow } from './tables';

export type Notifications = ReturnType<typeof createNotifications>;

const POLL_MS = 1_000;
const BATCH = 8;
/** Longer than an attempt takes. */
const LEASE_MS = 30_000;
const PATIENCE: Patience = { firstMs: 1_000, longestMs: 15 * 60_000, maxAttempts: 12 };

/** What is told of a run. */
export interface Occasion {
  type: 'succeeded' | 'failed' | 'cancelled' | 'deadline' | 'approval' | 'finding';
  run: { id: string; pipeline: string; version: number; status: string; trigger: string; error: string | null };
  step?: string;
  instructions?: string;
  /** What was found. */
  message?: string;
}

/**
 * Tells of runs outside Slipway: written in the transaction in which it came
 * about, sent at least once, tried again while it fails.
 */
export function createNotifications(deps: { db: Db; events: Events; log: Log; allowedHosts: readonly string[]; mail: MailConfig | null; source: string; patience?: Patience }) {
  const { db, events, log } = deps;
  const rules = createAddressRules(deps.allowedHosts);
  const post = createPoster(rules);
  const mailer = deps.mail && createMailer(deps.mail);
  const stopping = new AbortController();
  let loop: Promise<void> = Promise.resolve();

  async function claimDue(): Promise<NotificationRow[]> {
    const { rows } = await sql<NotificationRow>`
      update notification set attempts = attempts + 1, next_attempt_at = now() + ${LEASE_MS} * interval '1 millisecond'
      where id in (select id from notification where status = 'pending' and next_attempt_at <= now() order by next_attempt_at limit ${BATCH} for update skip locked)
      returning *`.execute(db);
    return rows;
  }

  async function send(row: NotificationRow): Promise<void> {
    try {
      await deliver(row);
      await store.updateNotification(db, row.id, { status: 'delivered', last_error: null, ended_at: new Date() });
    } catch (err) {
      const wait = waitAfter(row.attempts, deps.patience ?? PATIENCE);
      log.info({ notification: row.id, attempt: row.attempts, err }, 'a notification was not delivered');
      const last_error = storable(reasonOf(err, row.target));
      await (wait === null ? giveUp(row, last_error) : store.updateNotification(db, row.id, { last_error, next_attempt_at: new Date(Date.now() + wait) }));
    }
  }

  /** Nobody outside will hear of it: those inside do. */
  async function giveUp({ id, run_id, event }: NotificationRow, last_error: string): Promise<void> {
    await db.transaction().execute(async tx => {
      await store.updateNotification(tx, id, { last_error, status: 'failed', ended_at: new Date() });
      await events.append(tx, [{ type: 'notification.failed', subject: run_id, data: { pipeline: event.data.pipeline, reason: last_error } }]);
    });
  }

  async function deliver({ target, event }: NotificationRow): Promise<void> {
    if ('email' in target) {
      if (!mailer) {
        throw new Error('No SMTP server is configured (SLIPWAY_SMTP_URL).');
      }
      return mailer.send(target.email, event);
    }
    const answer = await post({ url: target.webhook, headers: { 'content-type': 'application/cloudevents+json', 'user-agent': 'Slipway' }, body: JSON.stringify(event) }, stopping.signal);
    if (answer.status < 200 || answer.status >= 300) {
      throw new Error(`Answered ${answer.status}.`);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await Promise.all((await claimDue()).map(send));
      } catch (err) {
        log.warn({ err }, 'notifications could not be looked at');
      }
      await sleep(POLL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  return {
    /** @throws InvalidInput `invalid_webhook_url`, `no_mail_server` for a target that could never be told */
    async check(options: PipelineOptions | undefined): Promise<void> {
      for (const [i, { to }] of (options?.notifications ?? []).entries()) {
        if ('webhook' in to) {
          await rules.check(to.webhook);
        } else if (!mailer) {
          throw new InvalidInput('no_mail_server', `options.notifications.${i}.to.email: This daemon has no SMTP server; set SLIPWAY_SMTP_URL and SLIPWAY_SMTP_FROM.`);
        }
      }
    },
    /** Puts what is to be told in the caller's transaction. */
    async tell(tx: Tx, options: PipelineOptions | undefined, occasion: Occasion): Promise<void> {
      const targets = (options?.notifications ?? []).filter(n => n.on.includes(occasion.type));
      if (targets.length > 0) {
        const rows = targets.map(({ to }) => ({ id: randomUUID(), run_id: occasion.run.id, target: JSON.stringify(to), event: JSON.stringify(eventOf(occasion, deps.source)), last_error: null, ended_at: null }));
        await tx.insertInto('notification').values(rows).execute();
      }
    },
    async list({ limit, ...of }: { runId?: string; pipeline?: string; status?: NotificationStatus; limit: number }): Promise<{ items: SentNotification[] }> {
      return { items: (await store.listNotifications(db, of, limit)).map(toSent) };
    },
    start: (): void => void (loop = run()),
    async stop(): Promise<void> {
      stopping.abort();
      await loop;
      mailer?.close();
    }
  };
}

function eventOf({ type, run, step, instructions, message }: Occasion, source: string): CloudEvent {
  const { id, ...about } = run;
  return {
    specversion: '1.0',
    id: randomUUID(),
    source,
    type: `slipway.pipeline_run.${type}`,
    subject: `${run.pipeline}/${id}`,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: { runId: id, ...about, ...(step !== undefined && { step }), ...(instructions && { instructions }), ...(message !== undefined && { message }) }
  };
}
