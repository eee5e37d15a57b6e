import type { Cluster } from '@slipway/schema';
import type { Db } from '../../database';
import type { Events } from '../../events';
import { clusterMap } from './cluster';
import { createJobControl } from './jobs';
import { createOutlooks } from './outlook';
import type { Queue } from './queue';
import { createClusterSettings } from './settings';

export type SchedulerControl = ReturnType<typeof createSchedulerControl>;

/** What people see of the scheduler, and may change. */
export function createSchedulerControl(deps: { db: Db; events: Events; queue: Queue }) {
  const { db, events, queue } = deps;
  const outlooks = createOutlooks(queue.view);
  const wake = (): void => {
    outlooks.forget();
    queue.wake();
  };
  return {
    jobs: createJobControl({ db, events, outlooks, reasonsOf: queue.reasonsOf, wake }),
    settings: createClusterSettings({ db, events, wake }),
    cluster: async (): Promise<Cluster> => clusterMap(db, (await outlooks.now()).view)
  };
}
