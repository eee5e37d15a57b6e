import type { AnalyzedStep, Scalar } from '@slipway/schema';
import { applyParams } from '../notebooks';
import type { PipelineContent } from './content';

/** Code that can reach a name without writing it. */
const LOOKS_UP = /\b(globals|locals|vars|eval|exec|getattr|get_ipython|__dict__)\b|^\s*%/m;

/**
 * The step's cells as its cache key reads them. One cell of constants often
 * stands in many steps: a param that this step defines and never uses keeps
 * the notebook's value here, so that changing it leaves the step's key alone.
 */
export function keySources(input: {
  content: Pick<PipelineContent, 'cells' | 'constants'>;
  step: Pick<AnalyzedStep, 'cells' | 'outputs'>;
  /** Sources with the run's params written in. */
  sources: ReadonlyMap<string, string>;
  params: Readonly<Record<string, Scalar>>;
}): { id: string; source: string }[] {
  const { content, step, params } = input;
  const cells = content.cells.filter(c => step.cells.includes(c.id));
  const text = cells.map(c => c.source).join('\n');
  const unused = LOOKS_UP.test(text) ? [] : content.constants.filter(c => isUnused(c.name, text, step.outputs)).map(c => c.name);
  if (!unused.some(name => name in params)) {
    return step.cells.map(id => ({ id, source: input.sources.get(id) ?? '' }));
  }
  const known = new Set(content.constants.map(c => c.name));
  const used = Object.fromEntries(Object.entries(params).filter(([name]) => known.has(name) && !unused.includes(name)));
  const rewritten = new Map(applyParams(content.cells, content.constants, used).map(c => [c.id, c.source]));
  return step.cells.map(id => ({ id, source: rewritten.get(id) ?? '' }));
}

/** Only a plain name whose one mention is its own definition. */
function isUnused(name: string, text: string, outputs: readonly string[]): boolean {
  return /^\w+$/u.test(name) && !outputs.includes(name) && text.split(new RegExp(`(?<![\\w])${name}(?![\\w])`, 'u')).length === 2;
}
