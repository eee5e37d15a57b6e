import type { TranslationBundle } from '@jupyterlab/translation';
import type { IntervalBinding } from '@slipway/schema';
import type { BindingWay } from './given-table';

const DAY = 'yyyy-MM-dd';
const EXAMPLES = [DAY, 'yyyyMMdd', 'yyyy-MM-dd HH:mm', 'yyyy', "yyyy-MM-dd'T'HH:mm:ss"];

/** How a param takes its value from the stretch of data that a run is for. */
export function intervalWays(trans: TranslationBundle): BindingWay<IntervalBinding>[] {
  const wayOf = (from: IntervalBinding['from'], words: string): BindingWay<IntervalBinding> => ({
    key: from,
    words,
    isOf: binding => binding.from === from,
    make: (param, detail) => ({ param, from, ...(detail !== '' && { format: detail }) }),
    detailOf: binding => binding.format ?? '',
    detail: trans.__('written as'),
    first: DAY,
    examples: EXAMPLES
  });
  return [wayOf('dataIntervalStart', trans.__('is when its data begins')), wayOf('dataIntervalEnd', trans.__('is when its data ends'))];
}
