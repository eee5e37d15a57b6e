import type { AnalyzedStep, PipelineOptions } from '@slipway/schema';
import { analyze } from '../notebooks';
import { ancestors, withDescendants } from './dag';

/** What a pipeline's options add to what its cells say of the steps; by the step's name. */
export interface Wiring {
  /** Names a step hands on besides: an alternative makes what another one makes. */
  outputs: Record<string, string[]>;
  /** Steps it comes after besides. */
  after: Record<string, string[]>;
  /** Lists of a step that others run over. */
  spread: Record<string, string[]>;
}

interface Wired {
  steps: readonly AnalyzedStep[];
  options?: PipelineOptions;
}

/** Names the cells of each step bind at their top level; by the step's name. */
export function namesMade(steps: readonly AnalyzedStep[], cells: readonly { id: string; source: string }[]): Map<string, Set<string>> {
  const { cells: analyzed } = analyze({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: cells.map(c => ({ ...c, cell_type: 'code' })) });
  const defines = new Map(analyzed.map(c => [c.id, c.defines]));
  return new Map(steps.map(s => [s.name, new Set(s.cells.flatMap(id => defines.get(id) ?? []))]));
}

/** The last step before `name` that makes the variable; that it is before is only known of steps it does not lead to. */
export function makerOf(steps: readonly AnalyzedStep[], name: string, variable: string, made: ReadonlyMap<string, ReadonlySet<string>>): AnalyzedStep | undefined {
  const makes = (s: AnalyzedStep): boolean => made.get(s.name)?.has(variable) === true || s.outputs.includes(variable);
  const later = new Set(withDescendants(steps, [name]));
  return ancestors(steps, name).findLast(makes) ?? steps.findLast(s => !later.has(s.name) && makes(s));
}

/**
 * A map comes after the step that makes its list, which takes it apart. Of
 * alternatives that make the same variable the cells tell only the last as its
 * maker: each of them is one, and who takes it comes after all.
 */
export function wiringOf({ steps, options }: Wired, cells: readonly { id: string; source: string }[]): Wiring | undefined {
  if (!options) {
    return undefined;
  }
  const wiring: Wiring = { outputs: {}, after: {}, spread: {} };
  const add = (to: Record<string, string[]>, key: string, value: string): void => void (to[key] = [...new Set([...(to[key] ?? []), value])]);
  const made = namesMade(steps, cells);
  for (const step of steps) {
    const map = options.steps[step.name]?.map;
    const maker = map && makerOf(steps, step.name, map.over, made);
    if (maker) {
      add(wiring.spread, maker.name, map.over);
      if (!step.after.includes(maker.name)) {
        add(wiring.after, step.name, maker.name);
      }
    }
    for (const name of step.inputs) {
      const last = ancestors(steps, step.name).findLast(s => s.outputs.includes(name));
      const branch = last && options.steps[last.name]?.branch;
      for (const other of branch === undefined ? [] : steps.filter(s => s !== last && s !== step && options.steps[s.name]?.branch === branch && made.get(s.name)?.has(name))) {
        add(wiring.outputs, other.name, name);
        add(wiring.after, step.name, other.name);
        add(wiring.after, step.name, last!.name);
      }
    }
  }
  return Object.values(wiring).every(of => Object.keys(of).length === 0) ? undefined : wiring;
}

/** The steps with their wiring, each behind those it comes after. */
export function wiredSteps(content: { steps: readonly AnalyzedStep[]; wiring?: Wiring }): AnalyzedStep[] {
  const { wiring } = content;
  if (!wiring) {
    return [...content.steps];
  }
  const join = (own: readonly string[], more: readonly string[] | undefined): string[] => [...new Set([...own, ...(more ?? [])])];
  return content.steps.map(s => ({ ...s, outputs: join(s.outputs, wiring.outputs[s.name]), after: join(s.after, wiring.after[s.name]) }));
}
