import { createTransport } from 'nodemailer';
import type { CloudEvent } from './tables';

export interface MailConfig {
  /** `smtp://user:password@host:port`, or `smtps://`. */
  url: string;
  from: string;
}

const TIMEOUT_MS = 15_000;

/** Sends mails by SMTP; each over a connection of its own. */
export function createMailer(config: MailConfig) {
  const transport = createTransport({ url: config.url, connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS });
  return {
    /** @throws when the server does not take it */
    async send(to: readonly string[], event: CloudEvent): Promise<void> {
      await transport.sendMail({ from: config.from, to: [...to], messageId: `<${event.id}@slipway>`, ...textOf(event) });
    },
    close: (): void => transport.close()
  };
}

export type Mailer = ReturnType<typeof createMailer>;

const WORDS: Record<string, string> = {
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'was cancelled',
  deadline: 'is not over at its deadline',
  approval: 'waits for a decision',
  finding: 'was found at fault by a training rule'
};

/** A subject of one line, whatever the names hold. */
export function textOf({ type, data }: Pick<CloudEvent, 'type' | 'data'>): { subject: string; text: string } {
  const what = WORDS[type.split('.').at(-1)!] ?? type;
  const subject = `${data.pipeline} ${what}`.replaceAll(/[\r\n]+/g, ' ');
  const lines = [
    `The run ${data.runId} of ${data.pipeline} (version ${data.version}) ${what}.`,
    ...(data.step !== undefined ? [`Step: ${data.step}`] : []),
    ...(data.message ? ['', data.message] : []),
    ...(data.instructions ? ['', data.instructions] : []),
    ...(data.error !== null ? ['', data.error] : []),
    ...(data.url !== undefined ? ['', data.url] : [])
  ];
  return { subject, text: lines.join('\n') };
}
