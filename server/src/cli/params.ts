import type { Scalar } from '@slipway/schema';
import { CliError, EXIT } from './output';

/** `k=v`, collected over several `--param`. */
export function collectParam(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new CliError(EXIT.usage, 'bad_argument', `--param takes NAME=VALUE, not “${text}”.`);
  }
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/**
 * Values for parameters given as text: of the type each has by default, so
 * that `--param TAG=1` stays text where the notebook says `TAG = "a"`.
 */
export function typedParams(texts: Record<string, string>, defaults: readonly { name: string; value: Scalar }[]): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      const value = defaults.find(d => d.name === name)?.value;
      return [name, typeof value === 'string' ? unquoted(text) : scalarOf(text)];
    })
  );
}

function scalarOf(text: string): Scalar {
  if (/^(true|True)$/.test(text)) return true;
  if (/^(false|False)$/.test(text)) return false;
  if (/^(null|None)$/.test(text)) return null;
  if (text.trim() !== '' && Number.isFinite(Number(text.replaceAll('_', '')))) return Number(text.replaceAll('_', ''));
  return unquoted(text);
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}
