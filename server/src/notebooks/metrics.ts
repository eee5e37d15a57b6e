import { buildGraph } from './graph';

/** The metrics of one cell on its own: each name once, where it is measured first. */
export function metricsOf(source: string): { name: string; line: number; variable: string | null }[] {
  const { metrics } = buildGraph([{ id: '#0', ordinal: 1, source }]).units[0]!;
  const bound = new Set(metrics.flatMap(m => (m.how === 'bound' ? [m.variable] : [])));
  const found = new Map<string, { name: string; line: number; variable: string | null }>();
  for (const { name, line, variable, how } of metrics.filter(m => m.isNumber)) {
    if (!found.has(name) && (how !== 'shown' || variable === null || !bound.has(variable))) {
      found.set(name, { name, line, variable });
    }
  }
  return [...found.values()];
}
