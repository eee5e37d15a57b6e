import type { SystemStatus } from '@slipway/schema';
import { sql } from 'kysely';
import type { Db } from '../database';

export type System = ReturnType<typeof createSystem>;

export interface SystemDeps {
  db: Db;
  version: string;
  home: string;
  isEmbedded: boolean;
  auth: 'token' | 'none';
  sandboxState: () => SystemStatus['sandbox'];
  slots: () => SystemStatus['slots'];
}

const DATABASE_MS = 2_000;

/** How the daemon is: for `slipway status` and the banners of the sidebar. */
export function createSystem(deps: SystemDeps) {
  const startedAt = new Date().toISOString();
  let url = '';

  return {
    /** Told once the daemon listens. */
    setUrl: (value: string): void => void (url = value),
    async status(): Promise<SystemStatus> {
      const sandbox = deps.sandboxState();
      const isUp = await answers(deps.db);
      return {
        version: deps.version,
        url,
        home: deps.home,
        startedAt,
        database: { kind: deps.isEmbedded ? 'embedded' : 'external', isUp },
        sandbox,
        slots: deps.slots(),
        warnings: warningsOf(sandbox, isUp, deps)
      };
    }
  };
}

function warningsOf(sandbox: SystemStatus['sandbox'], isUp: boolean, { auth, isEmbedded }: SystemDeps): string[] {
  const away = isEmbedded ? 'It is being started again; HOME/logs/postgres.log tells more.' : 'See that the server of SLIPWAY_DATABASE_URL runs and can be reached.';
  return [
    ...(sandbox.kind === 'none' ? [`Steps run without a sandbox: they can read and write all your files. ${sandbox.note ?? 'Install bubblewrap, and start without `--sandbox none`.'}`] : []),
    ...(auth === 'none' ? ['Anybody on this machine may use this daemon: it runs with `--auth none`.'] : []),
    ...(isUp ? [] : [`The database does not answer. ${away}`])
  ];
}

async function answers(db: Db): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>(resolve => (timer = setTimeout(() => resolve(false), DATABASE_MS)));
  const asked = sql`select 1`.execute(db).then(
    () => true,
    () => false
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
