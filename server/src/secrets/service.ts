import { lstat, readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SHORTEST_SECRET } from '@slipway/kernels-bridge';
import type { KnownSecret, SecretReference } from '@slipway/schema';
import { ensureSecretFile } from '../access';
import { InvalidInput, NotFound } from '../core/errors';
import type { Db } from '../database';
import { createSecretBox } from '../webhooks';
import * as store from './store';
import type { SecretRow } from './tables';

export type Secrets = ReturnType<typeof createSecrets>;
const LARGEST_BYTES = 64 * 1024;

/**
 * Secrets of pipeline steps: named by reference, looked up where a step
 * begins, and told to nobody else. Those of the database are sealed with a key
 * that only this home has.
 */
export function createSecrets(deps: { db: Db; keyFile: string; folder: string; environment: Readonly<Record<string, string | undefined>>; allowed: readonly string[] }) {
  const { db } = deps;
  const box = createSecretBox(ensureSecretFile(deps.keyFile));

  async function valueOf(reference: SecretReference): Promise<string> {
    if ('environment' in reference) {
      return ofEnvironment(reference.environment);
    }
    return 'file' in reference ? ofFile(reference.file) : ofDatabase(reference.secret);
  }

  function ofEnvironment(name: string): string {
    if (!deps.allowed.includes(name)) {
      throw new InvalidInput('secret_not_allowed', `The daemon’s variable ${name} may not be handed to steps; name it in SLIPWAY_SECRET_ENVIRONMENT.`);
    }
    return deps.environment[name] ?? missing(`The daemon’s environment has no variable ${name}.`);
  }

  async function ofFile(path: string): Promise<string> {
    const root = await realpath(deps.folder).catch(() => deps.folder);
    const file = await realpath(join(root, path)).catch(() => missing(`There is no file ${path} in the secrets folder.`));
    if (!file.startsWith(root + sep) || !(await lstat(file)).isFile() || (await lstat(file)).size > LARGEST_BYTES) {
      throw new InvalidInput('invalid_secret', `${path} is no file of at most 64 KiB within the secrets folder.`);
    }
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  }

  async function ofDatabase(name: string): Promise<string> {
    const row = (await store.secretByName(db, name)) ?? missing(`There is no secret ${name}; set it with \`slipway secrets set ${name}\`.`);
    try {
      return box.open(row.sealed, name);
    } catch (cause) {
      throw new InvalidInput('secret_unreadable', `The key of this home does not open the secret ${name}; set it again.`, { cause });
    }
  }

  return {
    async list(): Promise<{ items: KnownSecret[] }> {
      return { items: (await store.listSecrets(db)).map(toKnown) };
    },
    async set(name: string, value: string, userId: string): Promise<KnownSecret> {
      if (value.length < SHORTEST_SECRET) {
        throw new InvalidInput('secret_too_short', `A secret has at least ${SHORTEST_SECRET} characters: a shorter one could not be masked in logs.`);
      }
      return toKnown(await store.upsertSecret(db, { name, sealed: box.seal(value, name), updated_by: userId }));
    },
    async remove(name: string): Promise<void> {
      if (!(await store.deleteSecret(db, name))) {
        missing(`There is no secret ${name}.`);
      }
    },
    /** @throws InvalidInput, NotFound for one that cannot be had; its place is named */
    async check(references: Readonly<Record<string, Readonly<Record<string, SecretReference>>>>): Promise<void> {
      for (const [step, secrets] of Object.entries(references)) {
        for (const [name, reference] of Object.entries(secrets)) {
          await valueOf(reference).catch((cause: unknown) => {
            const message = cause instanceof Error ? cause.message : String(cause);
            const path = `options.steps.${step}.secrets.${name}`;
            throw new InvalidInput('unknown_secret', `${path}: ${message}`, { cause, errors: [{ path, message }] });
          });
        }
      }
    },
    /** Values by the environment variable the step reads. @throws InvalidInput, NotFound */
    async resolve(references: Readonly<Record<string, SecretReference>>): Promise<Record<string, string>> {
      const values: Record<string, string> = {};
      for (const [name, reference] of Object.entries(references)) {
        values[name] = await valueOf(reference);
        if (values[name].length < SHORTEST_SECRET) {
          throw new InvalidInput('secret_too_short', `The secret of ${name} has fewer than ${SHORTEST_SECRET} characters: it could not be masked in logs.`);
        }
      }
      return values;
    },
    /** @throws InvalidInput, NotFound */
    valueOf
  };
}

function missing(message: string): never {
  throw new NotFound('secret_not_found', message);
}

function toKnown(row: SecretRow): KnownSecret {
  return { name: row.name, updatedAt: row.updated_at.toISOString(), updatedBy: row.updated_by };
}
