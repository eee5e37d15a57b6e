import type { Scalar } from '@slipway/schema';
import { paramText } from './param-text';

/**
 * A trial's params: the slice's constants, and beside them what MLflow calls
 * logged. The slice's own win a name; and where autolog says `n_estimators`
 * for what we call `RandomForestClassifier.n_estimators`, with the same value,
 * ours alone is shown. Where two of ours end so, either might be meant: all stay.
 */
export function trialParams(own: Record<string, Scalar>, logged: Record<string, string>): Record<string, Scalar> {
  const byArgument = new Map<string, string[]>();
  for (const name of Object.keys(own).filter(n => n.includes('.'))) {
    const argument = lastSegment(name);
    byArgument.set(argument, [...(byArgument.get(argument) ?? []), name]);
  }
  const isOurs = (key: string, text: string): boolean => {
    const [name, ...others] = byArgument.get(key) ?? [];
    return name !== undefined && others.length === 0 && isSameValue(own[name]!, text);
  };
  return { ...Object.fromEntries(Object.entries(logged).filter(([key, text]) => !isOurs(key, text))), ...own };
}

/** `n_estimators` of `RandomForestClassifier.n_estimators#2`. */
function lastSegment(name: string): string {
  return name.replace(/#\d+$/, '').split('.').at(-1)!;
}

/** Python writes some numbers otherwise than we do: `1.0`, `1e-05`. */
function isSameValue(value: Scalar, text: string): boolean {
  return paramText(value) === text || (typeof value === 'number' && text.trim() !== '' && Number(text) === value);
}
