import type { AnalyzedStep, PipelineOptions, Scalar, StepOptions } from '@slipway/schema';
import { InvalidInput } from '../core/errors';
import { faultOf } from './conditions';
import type { PipelineContent } from './content';
import { ancestors, withDescendants } from './dag';
import { graphOf, type GraphNode } from './graph';
import { makerOf, namesMade, wiredSteps } from './wiring';

type Fault = { path: string; message: string };
type Tell = (path: string, message: string) => void;

/**
 * Whether the options make sense for the pipeline's steps; every fault is
 * named with its place. `params` as a run has them when it names none.
 *
 * @throws {InvalidInput} `invalid_options`
 */
export function checkOptions(content: PipelineContent, params: Readonly<Record<string, Scalar>>): void {
  if (!content.options) {
    return;
  }
  const faults: Fault[] = [];
  const tell: Tell = (path, message) => void faults.push({ path: `options.${path}`, message });
  checkNames(content.options, content.steps, tell);
  if (faults.length === 0) {
    checkOrder(content, content.options, tell);
  }
  if (faults.length === 0) {
    const nodes = graphOf(content);
    nodes.forEach(node => checkStep(params, nodes, node, tell));
    checkBranches(nodes, tell);
    checkMaps(content, tell);
  }
  const first = faults[0];
  if (first) {
    throw new InvalidInput('invalid_options', `${first.path}: ${first.message}`, { errors: faults });
  }
}

function checkNames(options: PipelineOptions, steps: readonly AnalyzedStep[], tell: Tell): void {
  const known = new Set(steps.map(s => s.name));
  const there = `there are: ${[...known].join(', ')}`;
  Object.keys(options.steps).filter(name => !known.has(name)).forEach(name => tell(`steps.${name}`, `There is no step ${name}; ${there}.`));
  const people = new Set<string>();
  options.humanSteps.forEach((human, i) => {
    if (known.has(human.name) || people.has(human.name)) {
      tell(`humanSteps.${i}.name`, `There is a step ${human.name} already; choose another name.`);
    }
    people.add(human.name);
  });
  options.humanSteps.forEach((human, i) => {
    for (const side of ['after', 'before'] as const) {
      human[side].filter(name => !known.has(name) && !(side === 'after' && people.has(name))).forEach(name => tell(`humanSteps.${i}.${side}`, `There is no step ${name}; ${there}.`));
    }
  });
}

function checkOrder(content: PipelineContent, options: PipelineOptions, tell: Tell): void {
  const exits = content.steps.filter(s => options.steps[s.name]?.isExitHandler).map(s => s.name);
  const behind = withDescendants(wiredSteps(content), exits).filter(name => !exits.includes(name));
  behind.forEach(name => tell(`steps.${name}`, `It comes after an exit handler, which runs once all others are over.`));
  if (behind.length > 0) {
    return; // which is a circle, told better
  }
  const placed = new Set(graphOf(content).map(n => n.name));
  const stuck = [...content.steps, ...options.humanSteps].map(s => s.name).filter(name => !placed.has(name));
  if (stuck.length > 0) {
    const human = options.humanSteps.findIndex(h => stuck.includes(h.name));
    tell(human >= 0 ? `humanSteps.${human}` : `steps.${stuck[0]}`, `The steps ${stuck.join(', ')} would wait for each other in a circle.`);
  }
}

function checkStep(params: Readonly<Record<string, Scalar>>, nodes: readonly GraphNode[], node: GraphNode, tell: Tell): void {
  const { options, name } = node;
  const at = `steps.${name}`;
  if (node.isExitHandler) {
    (['when', 'branch', 'runIf', 'map'] as const).filter(key => options[key] !== undefined).forEach(key => tell(`${at}.${key}`, 'An exit handler runs once, whatever became of the others.'));
    return;
  }
  if (options.when !== undefined) {
    const group = options.branch === undefined ? [node] : nodes.filter(n => n.options.branch === options.branch);
    const before = group.flatMap(n => [...n.after, ...ancestors(nodes, n.name).map(a => a.name)]);
    const fault = faultOf(options.when, { params, steps: nodes.map(n => n.name).filter(n => before.includes(n)) });
    if (fault) {
      tell(`${at}.when`, `${fault.message}${fault.at === null ? '' : ` (at character ${fault.at + 1})`}. It may speak of params, metrics, run, and steps before: ${[...new Set(before)].join(', ') || 'none'}.`);
    }
  }
  checkInputs(nodes, node, tell);
  checkEnvironment(options, at, tell);
}

/** A step that may run though one before it did not must not need what only that one gives. */
function checkInputs(nodes: readonly GraphNode[], node: GraphNode, tell: Tell): void {
  if (node.runIf === 'all_succeeded' || (node.runIf === 'any_succeeded' && node.after.length === 1)) {
    return;
  }
  const before = ancestors(nodes, node.name);
  for (const input of node.definition.inputs) {
    const makers = before.filter(s => s.definition.outputs.includes(input));
    if (makers.length === 1 && (node.runIf !== 'none_failed' || mayBeLeftOut(nodes, makers[0]!))) {
      tell(`steps.${node.name}.runIf`, `It takes \`${input}\` from \`${makers[0]!.name}\`, which may not have run by then. Let another step make it too, or make it an exit handler, which gets None.`);
    }
  }
}

/** Whether it may be skipped in a run of which nothing fails. */
function mayBeLeftOut(nodes: readonly GraphNode[], node: GraphNode): boolean {
  if (node.options.when !== undefined || node.options.branch !== undefined) {
    return true;
  }
  const before = nodes.filter(n => node.after.includes(n.name));
  return node.runIf === 'all_succeeded' ? before.some(n => mayBeLeftOut(nodes, n)) : node.runIf !== 'none_failed' && node.runIf !== 'all_done';
}

const RESERVED = /^(SLIPWAY_|MLFLOW_TRACKING_|CUDA_VISIBLE_DEVICES$|PATH$|LD_|PYTHON|(LOCAL_)?(RANK|WORLD_SIZE)$|MASTER_(ADDR|PORT)$)/;

function checkEnvironment(options: StepOptions, at: string, tell: Tell): void {
  if (options.secrets && options.engine !== undefined && options.engine !== 'local') {
    tell(`${at}.secrets`, 'Secrets are handed to steps on the daemon’s own machine only; leave out the engine, or the secrets.');
  }
  for (const [name, reference] of Object.entries(options.secrets ?? {})) {
    if (RESERVED.test(name)) {
      tell(`${at}.secrets.${name}`, 'This variable is Slipway’s or Python’s own; choose another name.');
    }
    if ('file' in reference && (reference.file.startsWith('/') || reference.file.split('/').some(part => part === '..' || part === ''))) {
      tell(`${at}.secrets.${name}.file`, 'The file is named by its path beneath the secrets folder, without `..`.');
    }
  }
}

function checkBranches(nodes: readonly GraphNode[], tell: Tell): void {
  for (const branch of new Set(nodes.flatMap(n => n.options.branch ?? []))) {
    const group = nodes.filter(n => n.options.branch === branch).sort((a, b) => a.ordinal - b.ordinal);
    const otherwise = group.filter(n => n.options.when === undefined);
    otherwise.slice(0, -1).forEach(n => tell(`steps.${n.name}.when`, `Of the branch ${branch} only one step may have no condition: the one that runs if no other does.`));
    for (const node of group) {
      const first = ancestors(nodes, node.name).find(a => group.includes(a));
      if (first) {
        tell(`steps.${node.name}.branch`, `It comes after \`${first.name}\`, so the two cannot be alternatives of the branch ${branch}.`);
      }
    }
  }
}

function checkMaps(content: PipelineContent, tell: Tell): void {
  const made = namesMade(content.steps, content.cells);
  for (const step of content.steps) {
    const map = content.options?.steps[step.name]?.map;
    if (!map) {
      continue;
    }
    const at = `steps.${step.name}.map`;
    const maker = makerOf(content.steps, step.name, map.over, made);
    if (!maker) {
      tell(`${at}.over`, `No step before it makes \`${map.over}\`.`);
    } else if (content.options?.steps[maker.name]?.map && !maker.outputs.includes(map.over)) {
      tell(`${at}.over`, `\`${maker.name}\` runs for each item itself; only what it hands on (${maker.outputs.join(', ') || 'nothing'}) is a list.`);
    }
    if (made.get(step.name)?.has(map.as)) {
      tell(`${at}.as`, `Its own cells bind \`${map.as}\`, which would hide the item. Bind it in a cell of a step before (\`${map.as} = ${map.over}[0]\`).`);
    }
    if (content.models.some(m => step.cells.includes(m.cellId))) {
      tell(at, 'It saves a model; each item would save one of the same name. Collect the models and save one in a step after it.');
    }
  }
}
