import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Home } from './daemon/slipway';
import { isAlive, removeLeftHomes } from './leftovers';

jest.setTimeout(120_000);

test('homes of killed tests go, with the daemons and PostgreSQL on them; those of living tests stay', async () => {
  const gone = spawnSync('true').pid;
  const [orphan, killed, living] = [new Home(gone), new Home(gone), new Home()];
  try {
    const [daemon, dead, alive] = await Promise.all([orphan, killed, living].map(home => home.serve()));
    await dead!.kill('SIGKILL');
    const postgres = [orphan, killed, living].map(home => home.postmasterPid()!);
    expect(postgres.map(isAlive)).toEqual([true, true, true]);

    await removeLeftHomes();
    expect(postgres.map(isAlive)).toEqual([false, false, true]);
    expect([daemon!.pid, alive!.pid].map(isAlive)).toEqual([false, true]);
    expect([orphan, killed, living].map(home => [existsSync(home.folder), existsSync(home.paths.runtimeDir)])).toEqual([[false, false], [false, false], [true, true]]);
    expect((await fetch(`${alive!.url}/healthz`)).status).toBe(200);
  } finally {
    await Promise.all([orphan, killed, living].map(home => home.remove()));
  }
});
