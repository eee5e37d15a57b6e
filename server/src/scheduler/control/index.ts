import { createGpuLoad } from '@slipway/kernels-bridge';
import type { Cluster } from '@slipway/schema';
import type { Db } from '../../database';
import type { Events } from '../../events';
import { clusterMap } from './cluster';
import { createJobControl, type Queue } from './jobs';
import { createClusterSettings } from './settings';

export type SchedulerControl = ReturnType<typeof createSchedulerControl>;

/** What people see of the scheduler, and may change. */
export function createSchedulerControl(deps: { db: Db; events: Events; queue: Queue; hasGpus: boolean; environment?: NodeJS.ProcessEnv }) {
  const { db, events, queue } = deps;
  const load = createGpuLoad(deps.hasGpus, deps.environment);
  return {
    jobs: createJobControl({ db, events, queue }),
    settings: createClusterSettings({ db, events, wake: queue.wake }),
    cluster: async (): Promise<Cluster> => clusterMap(db, await queue.view(), await load())
  };
}
