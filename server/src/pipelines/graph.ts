import type { AnalyzedStep, HumanStep, RunIf, StepOptions } from '@slipway/schema';
import type { PipelineContent } from './content';
import { inOrder } from './dag';
import { wiredSteps } from './wiring';

/** A step of a run as its order and its options make it. */
export interface GraphNode {
  name: string;
  kind: 'cells' | 'map' | 'human';
  /** Its place among the rows of a run: the content's steps, then the human ones. */
  ordinal: number;
  /** What it runs; nothing for a human step. */
  definition: AnalyzedStep;
  /** Steps it comes after, which `runIf` judges. */
  after: readonly string[];
  /** Steps that must be over first, however they ended. */
  waitsFor: readonly string[];
  runIf: RunIf;
  options: StepOptions;
  human: HumanStep | null;
  isExitHandler: boolean;
}

/**
 * The steps of a run, each behind those it comes after. A proof holds the
 * notebook's results against the pipeline's, and a notebook runs each of its
 * cells once: there conditions, maps and people do not count.
 */
export function graphOf(content: Pick<PipelineContent, 'steps' | 'options' | 'wiring'>, isProof = false): GraphNode[] {
  const humans = isProof ? [] : (content.options?.humanSteps ?? []);
  const optionsOf = (name: string): StepOptions => {
    const options = content.options?.steps[name] ?? {};
    const { runIf: _runIf, when: _when, branch: _branch, map: _map, ...rest } = options;
    return isProof ? rest : options;
  };
  const steps = wiredSteps(content);
  const branchOf = (name: string): string | undefined => (isProof ? undefined : content.options?.steps[name]?.branch);
  const work = steps.map((definition, ordinal): GraphNode => {
    const options = optionsOf(definition.name);
    const approvals = humans.filter(h => h.before.includes(definition.name)).map(h => h.name);
    return {
      name: definition.name,
      kind: options.map ? 'map' : 'cells',
      ordinal,
      definition,
      after: [...definition.after, ...approvals],
      waitsFor: [],
      runIf: options.runIf ?? (joinsBranch(definition.after.map(branchOf)) ? 'none_failed' : 'all_succeeded'),
      options,
      human: null,
      isExitHandler: options.isExitHandler === true
    };
  });
  const people = humans.map((human, i): GraphNode => ({
    name: human.name,
    kind: 'human',
    ordinal: content.steps.length + i,
    definition: { name: human.name, cells: [], after: human.after, inputs: [], outputs: [] },
    after: human.after,
    waitsFor: [],
    runIf: 'all_succeeded',
    options: {},
    human,
    isExitHandler: false
  }));
  return inOrder(withExits(withBranches([...work, ...people])), node => [...node.after, ...node.waitsFor]);
}

/** Who comes after several alternatives would else never run: all but one of them are left out. */
function joinsBranch(branches: readonly (string | undefined)[]): boolean {
  return branches.some((branch, i) => branch !== undefined && branches.indexOf(branch) !== i);
}

/** Alternatives are chosen among once all that any of them comes after is over. */
function withBranches(nodes: readonly GraphNode[]): GraphNode[] {
  const groupOf = (node: GraphNode): GraphNode[] => (node.options.branch === undefined ? [] : nodes.filter(n => n.options.branch === node.options.branch));
  return nodes.map(node => ({ ...node, waitsFor: [...new Set(groupOf(node).flatMap(n => n.after))].filter(name => !node.after.includes(name)) }));
}

/** Exit handlers run last, whatever became of the others; among themselves in their own order. */
function withExits(nodes: readonly GraphNode[]): GraphNode[] {
  const others = nodes.filter(n => !n.isExitHandler).map(n => n.name);
  return nodes.map(node => (node.isExitHandler ? { ...node, runIf: 'all_done', waitsFor: others.filter(name => !node.after.includes(name)) } : node));
}
