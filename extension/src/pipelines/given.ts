import type { PipelineVersion, Scalar } from '@slipway/schema';
import { readScalar } from './params-form';

/** A param as its pipeline has it. */
export type OwnParam = Pick<PipelineVersion['params'][number], 'name' | 'value'>;

/** What gives a param its value when a run starts. */
export interface Binding {
  param: string;
}

/** What a schedule, a trigger or a backfill gives its runs: values, and what is bound; the pipeline's own is not among them. */
export interface Given<B extends Binding> {
  readonly params: Readonly<Record<string, Scalar>>;
  readonly bindings: readonly B[];
  /** Values as typed, by param, where somebody typed. */
  readonly texts: Readonly<Record<string, string>>;
}

/** What an existing one gives, or nothing. */
export function givenOf<B extends Binding>({ params = {}, bindings = [] }: { params?: Readonly<Record<string, Scalar>> | undefined; bindings?: readonly B[] | undefined }): Given<B> {
  return { params, bindings, texts: {} };
}

/** The pipeline's params, then those that are given although it has them no more. */
export function namesOf<B extends Binding>(own: readonly OwnParam[], given: Given<B>): string[] {
  return [...new Set([...own.map(param => param.name), ...Object.keys(given.params), ...given.bindings.map(binding => binding.param)])];
}

/** The param stays as the pipeline has it. */
export function withOwn<B extends Binding>(given: Given<B>, name: string): Given<B> {
  return { params: without(given.params, name), bindings: given.bindings.filter(binding => binding.param !== name), texts: without(given.texts, name) };
}

export function withFixed<B extends Binding>(given: Given<B>, name: string, value: Scalar): Given<B> {
  const rest = withOwn(given, name);
  return { ...rest, params: { ...rest.params, [name]: value } };
}

/** A fixed value as it is typed. */
export function withText<B extends Binding>(given: Given<B>, name: string, text: string): Given<B> {
  return { ...given, texts: { ...given.texts, [name]: text } };
}

/** The binding takes the place of what its param had; those of other params stay. */
export function withBinding<B extends Binding>(given: Given<B>, binding: B): Given<B> {
  const at = given.bindings.findIndex(each => each.param === binding.param);
  const bindings = at < 0 ? [...given.bindings, binding] : given.bindings.flatMap((each, i) => (i === at ? [binding] : each.param === binding.param ? [] : [each]));
  return { params: without(given.params, binding.param), bindings, texts: without(given.texts, binding.param) };
}

/** What is sent, each value of the type that the pipeline's own has; null where one cannot be read. */
export function readGiven<B extends Binding>(given: Given<B>, own: readonly OwnParam[]): { params: Record<string, Scalar>; bindings: B[] } | null {
  const params: Record<string, Scalar> = {};
  for (const [name, value] of Object.entries(given.params)) {
    const text = given.texts[name];
    const read = text === undefined ? { value } : readScalar(text, likeOf(own, name, value));
    if (!read) {
      return null;
    }
    params[name] = read.value;
  }
  return { params, bindings: [...given.bindings] };
}

/** A value of the type that a fixed one must have. */
export function likeOf(own: readonly OwnParam[], name: string, value: Scalar): Scalar {
  return own.find(param => param.name === name)?.value ?? value;
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
