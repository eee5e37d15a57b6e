import { z } from 'zod';
import { cutOut, pointsOf, type HistoryPiece } from '../metric-history';
import type { Tracking } from '../service';
import { Id, Int8, PageToken, Text, list, pageSize, withRunId } from './fields';
import { mlflowRoute, type MlflowRoute } from './routes';
import { int8, WrittenJson } from './wire';

const MOST = 100_000;
const Interval = z
  .object({
    run_ids: list(Id).refine(ids => ids.length > 0 && ids.length <= 100, 'from 1 to 100 runs at once'),
    metric_key: Text,
    start_step: Int8.optional(),
    end_step: Int8.optional(),
    max_results: pageSize(2_500, 2_500)
  })
  .refine(i => (i.start_step === undefined) === (i.end_step === undefined), { path: ['end_step'], message: 'start_step and end_step come together' })
  .refine(i => i.start_step === undefined || i.end_step === undefined || i.start_step <= i.end_step, { path: ['end_step'], message: 'it lies before start_step' });

/** All points of a metric: of one run, of many, or some of them evenly spaced. */
export function historyRoutes({ runs }: Pick<Tracking, 'runs'>): MlflowRoute[] {
  return [
    mlflowRoute('get', '/metrics/get-history', 'runs:read', withRunId({ metric_key: Text, max_results: z.coerce.number().int().min(1).max(MOST).optional(), page_token: PageToken }), async ({ input }) => {
      const limit = input.max_results ?? MOST;
      const offset = Number(/^\d{1,12}$/.exec(input.page_token ?? '')?.[0] ?? 0);
      const pieces = await runs.history(input.run_id, input.metric_key, limit + 1, offset);
      const count = pieces.reduce((sum, piece) => sum + piece.steps.length, 0);
      return writtenHistory(input.metric_key, cutOut(pieces, limit, 0), count > limit ? String(offset + limit) : null);
    }),
    mlflowRoute('get', '/metrics/get-history-bulk', 'runs:read', z.object({ run_id: list(Id).refine(ids => ids.length <= 100, 'at most 100 runs at once'), metric_key: Text, max_results: z.coerce.number().int().min(1).max(MOST).default(25_000) }), async ({ input }) => {
      const histories = await Promise.all(input.run_id.map(async id => pointsOf(await runs.history(id, input.metric_key, input.max_results, 0)).map(point => ({ key: input.metric_key, ...point, value: Number(point.value), run_id: id }))));
      return { metrics: histories.flat().slice(0, input.max_results).map(toMetric) };
    }),
    mlflowRoute('get', '/metrics/get-history-bulk-interval', 'runs:read', Interval, async ({ input }) => {
      const steps = input.start_step === undefined || input.end_step === undefined ? null : { from: input.start_step, to: input.end_step };
      return { metrics: (await runs.sampledHistory(input.run_ids, input.metric_key, input.max_results, steps)).map(toMetric) };
    })
  ];
}

function toMetric(m: { key: string; value: number; timestamp: string; step: string; run_id: string }) {
  return { key: m.key, value: m.value, timestamp: int8(m.timestamp), step: int8(m.step), run_id: m.run_id };
}

/** A hundred thousand points are an ordinary history: written by hand, a piece at a time. */
function writtenHistory(metricKey: string, pieces: readonly HistoryPiece[], nextPageToken: string | null): WrittenJson {
  const head = `{"key":${JSON.stringify(metricKey)},"value":`;
  const value = (text: string): string => (/[Ny]/.test(text) ? `"${text}"` : text); // NaN, Infinity
  const texts = pieces.map(piece => Buffer.from(piece.steps.map((step, i) => `${head}${value(piece.values[i]!)},"timestamp":${piece.timestamps[i]},"step":${step}}`).join(',')));
  const end = nextPageToken === null ? '}' : `${pieces.length > 0 ? ',' : ''}"next_page_token":"${nextPageToken}"}`;
  const between = Buffer.from(',');
  const list = texts.flatMap((text, i) => (i === 0 ? [text] : [between, text]));
  return new WrittenJson(Buffer.concat(pieces.length === 0 ? [Buffer.from(`{${end}`)] : [Buffer.from('{"metrics":['), ...list, Buffer.from(`]${end}`)]));
}
