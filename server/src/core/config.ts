import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { InvalidInput } from './errors';

const Env = z.object({
  SLIPWAY_HOME: z.string().min(1).optional(),
  SLIPWAY_DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'starts with postgres://').optional(),
  SLIPWAY_URL: z.url().optional(),
  SLIPWAY_TOKEN: z.string().min(1).optional(),
  /** For the other server of `slipway import URL`. */
  SLIPWAY_SOURCE_TOKEN: z.string().min(1).optional(),
  SLIPWAY_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** Interpreter whose environment serves models and finds kernels; Slipway's own when absent. */
  SLIPWAY_PYTHON: z.string().min(1).optional(),
  /** Host names besides the loopback ones that a request's Host header may carry, comma-separated. */
  SLIPWAY_ALLOWED_HOSTS: z.string().optional(),
  /** Hosts (`host` or `host:port`) that webhooks may call though they are private, comma-separated. */
  SLIPWAY_WEBHOOK_ALLOWED_HOSTS: z.string().optional(),
  /** Variables of the daemon’s environment that steps may be handed as secrets, comma-separated. */
  SLIPWAY_SECRET_ENVIRONMENT: z.string().optional(),
  /** `smtp://user:password@host:port` or `smtps://…`, for notifications by e-mail. */
  SLIPWAY_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  SLIPWAY_SMTP_FROM: z.string().min(3).max(320).default('slipway@localhost'),
  /** An OpenLineage consumer (Marquez, …): events are posted to its `/api/v1/lineage`. */
  SLIPWAY_OPENLINEAGE_URL: z.url({ protocol: /^https?$/ }).refine(url => !/^https?:\/\/[^/]*@/i.test(url), 'holds no credentials: use SLIPWAY_OPENLINEAGE_API_KEY').optional(),
  SLIPWAY_OPENLINEAGE_API_KEY: z.string().min(1).optional(),
  /** Namespace of our jobs there. */
  SLIPWAY_OPENLINEAGE_NAMESPACE: z.string().min(1).max(200).default('slipway'),
  /** Where others reach the daemon, for links that leave it. */
  SLIPWAY_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where the folder of sockets is made; `/tmp` when absent, for a home of any length has a short path there. */
  SLIPWAY_RUNTIME_DIR: z.string().min(1).optional()
});

export type Config = ReturnType<typeof readConfig>;

/** The only reader of the environment. Throws, naming every bad variable at once. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const result = Env.safeParse(env);
  if (!result.success) {
    throw new InvalidInput('bad_environment', `Wrong environment:\n${z.prettifyError(result.error)}`);
  }
  const e = result.data;
  return {
    /** As it was given to the daemon: kernels get the harmless part of it. */
    environment: env,
    home: resolve(e.SLIPWAY_HOME ?? join(homedir(), '.slipway')),
    databaseUrl: e.SLIPWAY_DATABASE_URL,
    url: e.SLIPWAY_URL,
    token: e.SLIPWAY_TOKEN,
    sourceToken: e.SLIPWAY_SOURCE_TOKEN,
    logLevel: e.SLIPWAY_LOG_LEVEL,
    python: e.SLIPWAY_PYTHON,
    allowedHosts: listOf(e.SLIPWAY_ALLOWED_HOSTS),
    webhookAllowedHosts: listOf(e.SLIPWAY_WEBHOOK_ALLOWED_HOSTS),
    secretEnvironment: listOf(e.SLIPWAY_SECRET_ENVIRONMENT),
    mail: e.SLIPWAY_SMTP_URL === undefined ? null : { url: e.SLIPWAY_SMTP_URL, from: e.SLIPWAY_SMTP_FROM },
    openLineage: {
      consumer: e.SLIPWAY_OPENLINEAGE_URL === undefined ? null : { url: `${e.SLIPWAY_OPENLINEAGE_URL.replace(/\/+$/, '')}/api/v1/lineage`, apiKey: e.SLIPWAY_OPENLINEAGE_API_KEY ?? null },
      namespace: e.SLIPWAY_OPENLINEAGE_NAMESPACE
    },
    publicUrl: e.SLIPWAY_PUBLIC_URL?.replace(/\/+$/, ''),
    runtimeBase: e.SLIPWAY_RUNTIME_DIR
  } as const;
}

function listOf(text: string | undefined): string[] {
  return text?.split(',').map(item => item.trim()).filter(Boolean) ?? [];
}
