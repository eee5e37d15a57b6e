import type { NewSweep, Scalar } from '@slipway/schema';
import { CliError, EXIT } from './output';

type DimensionInput = NewSweep['space'][string];
type PrunerInput = Record<string, string | number>;

/** `--space NAME=float:LOW:HIGH[:log|:STEP]`, `NAME=int:…`, `NAME=choice:A,B,…`, collected over several. */
export function collectSpace(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) {
    throw wrong(text);
  }
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** Dimensions of texts; a choice's values are of the type the param has. */
export function spaceOf(texts: Record<string, string>, defaults: readonly { name: string; value: Scalar }[]): Record<string, DimensionInput> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, dimensionOf(name, text, defaults.find(d => d.name === name)?.value)]));
}

function dimensionOf(name: string, text: string, like: Scalar | undefined): DimensionInput {
  const [type = '', ...rest] = text.split(':');
  if (type === 'choice') {
    const values = rest.join(':').split(',').map(each => choiceOf(each, like));
    return { type, values };
  }
  const [low, high] = [Number(rest[0]), Number(rest[1])];
  const more = rest[2];
  const step = more === undefined || more === 'log' ? undefined : Number(more);
  if ((type !== 'float' && type !== 'int') || rest.length < 2 || rest.length > 3 || [low, high, step ?? 0].some(Number.isNaN)) {
    throw wrong(`${name}=${text}`);
  }
  const scale = { low, high, log: more === 'log' };
  return type === 'float' ? { type, ...scale, ...(step !== undefined && { step }) } : { type, ...scale, step: step ?? 1 };
}

function choiceOf(text: string, like: Scalar | undefined): Scalar {
  if (text === 'None') {
    return null;
  }
  if (typeof like === 'boolean') {
    return /^(true|1)$/i.test(text);
  }
  return typeof like === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** `--pruner asha:minResource=2,reductionFactor=3`. */
export function prunerOf(text: string): PrunerInput {
  const [kind = '', options = ''] = text.split(':');
  const pairs = options === '' ? [] : options.split(',').map((pair): [string, number] => {
    const [name = '', value = ''] = pair.split('=');
    return [name, Number(value)];
  });
  return { kind, ...Object.fromEntries(pairs) };
}

/** `90s`, `15m`, `2h` in milliseconds. */
export function durationMs(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text) ?? [];
  if (count === undefined) {
    throw new CliError(EXIT.usage, 'bad_argument', `A time is written 90s, 15m or 2h, not “${text}”.`);
  }
  return Number(count) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}

function wrong(text: string): CliError {
  return new CliError(EXIT.usage, 'bad_argument', `--space takes NAME=float:LOW:HIGH, NAME=int:LOW:HIGH (then :log or :STEP) or NAME=choice:A,B, not “${text}”.`);
}
