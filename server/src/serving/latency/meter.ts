import type { LatencyEvidence } from '@slipway/schema';
import type { Artifacts } from '../../artifacts';
import { AppError } from '../../core/errors';
import type { Log } from '../../core/log';
import type { Events } from '../../events';
import { readMlModel, readText, type Registry } from '../../registry';
import type { Serving } from '../service';
import { measure } from './measure';
import { exampleInput, signatureInput, type MeasuredInput } from './rows';

type Asked = NonNullable<Awaited<ReturnType<Registry['latency']['claim']>>>;
/** For so long nobody takes over from a daemon that was killed. Where a measurement takes longer another may begin it too: the first outcome counts. */
const LEASE_MS = 3 * 60_000;
const PATIENCE_MS = 2 * 60_000;
const LOOK_EVERY_MS = 5_000;

/**
 * Measures the latency of versions whose gates ask for it, one at a time: two at
 * once would measure each other. Woken by the event of an evaluation that waits,
 * and every few seconds for what another daemon left behind.
 */
export function createLatencyMeter(deps: { registry: Registry; artifacts: Artifacts; serving: Serving; events: Events; log: Log }) {
  const { registry, artifacts, serving, log } = deps;
  const stopped = new AbortController();
  // A model that is loading would keep the daemon from stopping.
  const aborted = new Promise<never>((_, reject) => stopped.signal.addEventListener('abort', () => reject(new Error('the daemon stops'))));
  aborted.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  let unsubscribe = (): void => undefined;
  let work: Promise<void> | null = null;

  function look(): void {
    work ??= drain()
      .catch(err => log.warn({ err }, 'latencies could not be measured; trying again'))
      .finally(() => (work = null));
  }

  async function drain(): Promise<void> {
    while (!stopped.signal.aborted) {
      const asked = await registry.latency.claim(LEASE_MS);
      if (!asked) {
        return;
      }
      const outcome = await outcomeOf(asked);
      await (stopped.signal.aborted ? registry.latency.release(asked.id) : registry.latency.finish(asked.id, outcome));
    }
  }

  async function outcomeOf(asked: Asked): Promise<{ evidence: LatencyEvidence } | { failure: string }> {
    const { model_name: name, version, requests } = asked;
    try {
      const input = await inputOf(name, String(version));
      if (!input) {
        return { failure: 'it has neither an input example nor a signature to make a row of. Log the model with an input_example.' };
      }
      const body = Buffer.from(input.body);
      const ask = (): Promise<Buffer> => Promise.race([serving.predict(name, String(version), { contentType: 'application/json', body, signal: stopped.signal }), aborted]);
      const evidence = await measure(ask, { requests, input: input.kind, patienceMs: PATIENCE_MS });
      log.info({ model: name, version, p95Ms: evidence.p95Ms, requests: evidence.requests }, 'latency measured');
      return { evidence };
    } catch (error) {
      if (error instanceof AppError || stopped.signal.aborted) {
        return { failure: error instanceof AppError ? error.message : 'the daemon stopped.' };
      }
      log.error({ err: error, model: name, version }, 'a latency could not be measured');
      return { failure: 'of an unexpected error, which the log has.' };
    }
  }

  async function inputOf(name: string, version: string): Promise<MeasuredInput | null> {
    const { folder } = await registry.resolve(name, version);
    const mlmodel = await readMlModel(artifacts, folder);
    return mlmodel && ((await exampleInput(mlmodel, path => readText(artifacts, `${folder}/${path}`))) ?? signatureInput(mlmodel));
  }

  return {
    start(): void {
      unsubscribe = deps.events.subscribe(event => {
        if (event.type === 'model_gates.evaluated' && event.data.isMeasuring === true) {
          look();
        }
      });
      timer = setInterval(look, LOOK_EVERY_MS);
    },
    /** What is being measured is left to the next daemon. */
    async stop(): Promise<void> {
      unsubscribe();
      clearInterval(timer);
      stopped.abort();
      await work;
    }
  };
}
