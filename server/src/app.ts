import type { RequestListener } from 'node:http';
import { createFeatures, type AppDeps } from './features';
import { createListener } from './http';

export type { AppDeps } from './features';

export interface App {
  /** Answers every request. */
  listener: RequestListener;
  /** Begins the loops; `url` is where the daemon listens. */
  start(url: string): Promise<void>;
  /** From now on `/healthz` says that all is there. */
  setReady(): void;
  stop(): Promise<void>;
}

/** What runs beside requests. */
interface Part {
  start?(url: string): unknown;
  stop(): unknown;
}

/** The whole product, as tests build it too: its features, what answers for them, and their loops. */
export async function createApp(deps: AppDeps): Promise<App> {
  const features = await createFeatures(deps);
  const { events, webhooks, promotions, runtime, scheduler, serving, latencyMeter, sessions, openLineage, notifications, pipelines, backfills, sweeps, firing, upkeepTimer, housekeeping, system } = features;
  // Each needs those before it; they stop the other way round.
  const parts: Part[] = [events, webhooks, promotions, { stop: runtime.dispose }, scheduler, serving, latencyMeter, sessions, openLineage, notifications, { start: pipelines.resume, stop: pipelines.stop }, backfills, sweeps, firing, upkeepTimer, housekeeping];
  let isReady = false;

  return {
    listener: createListener(features, deps, () => isReady),
    async start(url) {
      system.setUrl(url);
      for (const part of parts) {
        await part.start?.(url);
      }
    },
    setReady: () => {
      isReady = true;
    },
    async stop() {
      for (const part of [...parts].reverse()) {
        await part.stop();
      }
    }
  };
}
