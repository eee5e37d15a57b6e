import type { Dimension, Scalar } from '@slipway/schema';

/** How a param is searched, as the form holds it: texts as they are typed. */
export interface DimensionFields {
  kind: 'fixed' | 'always' | 'float' | 'int' | 'choice';
  low: string;
  high: string;
  isLog: boolean;
  step: string;
  choices: string;
  /** The one value of all trials. */
  value: string;
}

/** What a person would begin with: around the value that the param has, left as it is until a kind is chosen. */
export function fieldsFor(value: Scalar): DimensionFields {
  const number = typeof value === 'number' ? value : 1;
  const isSmall = number !== 0 && Math.abs(number) < 0.1;
  const [low, high] = number === 0 ? [0, 1] : [number / (isSmall ? 10 : 2), number * (isSmall ? 10 : 2)].sort((a, b) => a - b);
  const round = (each: number): string => String(Number.isInteger(number) ? Math.round(each) : Number(each.toPrecision(3)));
  return { kind: 'fixed', low: round(low!), high: round(high!), isLog: isSmall && number > 0, step: '', choices: typeof value === 'boolean' ? 'true, false' : String(value ?? 'None'), value: String(value ?? '') };
}

export function fieldsOf(dimension: Dimension): DimensionFields {
  const none = { low: '', high: '', isLog: false, step: '', choices: '', value: '' };
  if (dimension.type === 'choice') {
    return { ...none, kind: 'choice', choices: dimension.values.map(v => String(v ?? 'None')).join(', ') };
  }
  const { type, low, high, log, step } = dimension;
  return { ...none, kind: type, low: String(low), high: String(high), isLog: log, step: step === undefined || (type === 'int' && step === 1) ? '' : String(step) };
}

/** Null where the fields cannot be read, or the param stays as it is. */
export function dimensionOf(fields: DimensionFields, like: Scalar): Dimension | null {
  if (fields.kind === 'fixed' || fields.kind === 'always') {
    return null;
  }
  if (fields.kind === 'choice') {
    const values = fields.choices.split(',').map(text => choiceOf(text.trim(), like));
    return values.length > 0 && values.every(v => v !== undefined) ? { type: 'choice', values: values as Scalar[] } : null;
  }
  const [low, high, step] = [numberOf(fields.low), numberOf(fields.high), fields.step.trim() === '' ? undefined : numberOf(fields.step)];
  if (low === null || high === null || step === null || low > high || (fields.isLog && low <= 0)) {
    return null;
  }
  if (fields.kind === 'float') {
    return step !== undefined && step <= 0 ? null : { type: 'float', low, high, log: fields.isLog, ...(step !== undefined && !fields.isLog && { step }) };
  }
  const isWhole = [low, high, step ?? 1].every(Number.isInteger) && (step ?? 1) >= 1;
  return isWhole ? { type: 'int', low, high, log: fields.isLog, step: fields.isLog ? 1 : (step ?? 1) } : null;
}

/** How many points a grid of these has; null where one has no end. */
export function gridPoints(dimensions: readonly Dimension[]): number | null {
  return dimensions.reduce<number | null>((size, d) => {
    const own = d.type === 'choice' ? d.values.length : d.step === undefined || d.log ? null : Math.floor((d.high - d.low) / d.step + 1e-8) + 1;
    return size === null || own === null ? null : size * own;
  }, 1);
}

function numberOf(text: string): number | null {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}

function choiceOf(text: string, like: Scalar): Scalar | undefined {
  if (text === 'None') {
    return null;
  }
  if (typeof like === 'boolean') {
    return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
  }
  if (typeof like === 'number') {
    return numberOf(text) ?? undefined;
  }
  return text === '' ? undefined : text;
}
