import { Client } from 'pg';
import type { Log } from '../core/log';

const POLL_MS = 1_000;

/**
 * Calls `onWake` at every NOTIFY on `channel` and at least once a second, one
 * call after the other; a lost connection is opened again.
 */
export function createWaker(deps: { databaseUrl: string; channel: string; log: Log; onWake: () => Promise<void> }) {
  let isStopping = false;
  let wake: () => void = () => undefined;
  let isWanted = false;
  /** When the connection was last known to be whole. */
  let heardAt = -Infinity;
  let loop: Promise<void> | undefined;

  const poke = (): void => {
    isWanted = true;
    wake();
  };

  const pause = (): Promise<void> =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, POLL_MS);
      wake = () => (clearTimeout(timer), resolve());
    });

  async function connect(): Promise<Client> {
    const client = new Client({ connectionString: deps.databaseUrl });
    client.on('error', () => {
      heardAt = -Infinity;
      poke();
    });
    client.on('notification', () => {
      heardAt = performance.now();
      poke();
    });
    await client.connect();
    await client.query(`listen ${deps.channel}`);
    return client;
  }

  async function run(): Promise<void> {
    let client: Client | undefined;
    while (!isStopping) {
      isWanted = false;
      try {
        client ??= await connect();
        if (performance.now() - heardAt >= POLL_MS) {
          await client.query('select 1'); // finds out that the connection broke
          heardAt = performance.now();
        }
        await deps.onWake();
      } catch (err) {
        deps.log.warn({ err, channel: deps.channel }, 'the database is away; trying again');
        await client?.end().catch(() => undefined);
        client = undefined;
      }
      if (!isWanted) {
        await pause();
      }
    }
    await client?.end().catch(() => undefined);
  }

  return {
    start: (): void => void (loop = run()),
    /** Wakes at once, without the way through the database. */
    poke,
    async stop(): Promise<void> {
      isStopping = true;
      poke();
      await loop;
    }
  };
}
