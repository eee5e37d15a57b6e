import type { Scalar } from '@slipway/schema';

/** How MLflow shows a Python scalar. */
export function paramText(value: Scalar): string {
  return value === null ? 'None' : value === true ? 'True' : value === false ? 'False' : String(value);
}
