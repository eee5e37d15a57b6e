// Ten thousand schedules, each once an hour at a second of its own: how late their runs are.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chainOf, quantile, runOnce, savePipeline, startStubbed } from './daemon.mjs';

const SCHEDULES = Number(process.env.BENCH_SCHEDULES ?? 10_000);
const WATCH_S = Number(process.env.BENCH_WATCH_S ?? 60);
const AT_ONCE = 8;
/** Eight clients make schedules as fast as the daemon can: what came due meanwhile is started first. */
const SETTLE_MS = 20_000;

export async function schedules(folder) {
  const daemon = await startStubbed(join(folder, 'schedules-home'));
  try {
    await savePipeline(daemon, folder, 'hourly', chainOf(2));
    await runOnce(daemon, 'hourly');
    await daemon.stub();
    let made = 0;
    const make = async () => {
      for (let i = made++; i < SCHEDULES; i = made++) {
        const at = Math.floor((i / SCHEDULES) * 3600);
        await daemon.call('POST', '/pipelines/hourly/schedules', { name: `s${i}`, cron: `${at % 60} ${Math.floor(at / 60)} * * * *`, overlap: 'queue' });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, make));
    await sleep(SETTLE_MS);
    const from = Date.now();
    await sleep(WATCH_S * 1000);
    const late = [];
    for (let cursor = '', isMore = true; isMore; ) {
      const page = await daemon.call('GET', `/pipelines/hourly/runs?limit=500${cursor}`);
      const fired = page.items.filter(r => r.origin?.schedule && Date.parse(r.origin.schedule.fireAt) >= from);
      late.push(...fired.map(r => Date.parse(r.createdAt) - Date.parse(r.origin.schedule.fireAt)));
      isMore = page.nextCursor !== undefined && fired.length > 0;
      cursor = `&cursor=${page.nextCursor}`;
    }
    if (late.length === 0) throw new Error('nothing fired');
    const rows = [
      [`of ${SCHEDULES} schedules ${late.length} fired in ${WATCH_S} s; late by, median`, `${quantile(late, 0.5)} ms`, ''],
      ['late at most', `${Math.max(...late)} ms`, '≤ 1 s']
    ];
    return { title: 'Schedules', rows, figures: { schedules: SCHEDULES, fired: late.length, lateP50Ms: quantile(late, 0.5), lateMaxMs: Math.max(...late) } };
  } finally {
    await daemon.stop();
  }
}
