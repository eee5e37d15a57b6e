import { PipelineName, type FileStep } from '@slipway/schema';
import { z } from 'zod';
import type { PipelineFileInput } from '../print-files';

/** A pipeline file made of something else, and what could not be taken over. */
export interface Imported {
  file: PipelineFileInput;
  left: string[];
}

const Parameters = z.looseObject({
  filename: z.string().optional(),
  env_vars: z.array(z.looseObject({ env_var: z.string(), value: z.unknown() })).optional(),
  pipeline_parameters: z.array(z.string()).optional(),
  cpu: z.number().nullish(),
  memory: z.number().nullish(),
  gpu: z.number().nullish(),
  outputs: z.array(z.string()).optional()
});
const Node = z.looseObject({
  id: z.string(),
  type: z.string(),
  op: z.string().optional(),
  app_data: z.looseObject({ label: z.string().optional(), ui_data: z.looseObject({ label: z.string().optional() }).optional(), component_parameters: Parameters.optional() }).optional(),
  inputs: z.array(z.looseObject({ links: z.array(z.looseObject({ node_id_ref: z.string() })).optional() })).optional()
});
const Properties = z.looseObject({
  name: z.string().optional(),
  pipeline_parameters: z.array(z.looseObject({ name: z.string(), default_value: z.looseObject({ value: z.unknown() }).optional() })).optional(),
  pipeline_defaults: z.looseObject({ env_vars: z.array(z.looseObject({ env_var: z.string(), value: z.unknown() })).optional() }).optional()
});

/** Elyra's `.pipeline` as far as it is read: the rest of its editor's state says nothing of what runs. */
export const ElyraPipeline = z.looseObject({
  doc_type: z.literal('pipeline'),
  primary_pipeline: z.string(),
  pipelines: z.array(z.looseObject({ id: z.string(), nodes: z.array(Node), app_data: z.looseObject({ properties: Properties.optional() }).optional() })).min(1)
});
export type ElyraPipeline = z.infer<typeof ElyraPipeline>;
type ElyraNode = z.infer<typeof Node>;

const NOTEBOOK = 'execute-notebook-node';
const SCRIPT = 'execute-python-node';

/** An Elyra pipeline as a pipeline file: notebooks and Python scripts become steps, in Elyra's order. */
export function importElyra(pipeline: ElyraPipeline, fileName: string): Imported {
  const main = pipeline.pipelines.find(p => p.id === pipeline.primary_pipeline) ?? pipeline.pipelines[0]!;
  const properties = main.app_data?.properties ?? {};
  const left: string[] = [];
  const taken = main.nodes.filter(node => isTaken(node, left));
  const names = namesOf(taken);
  const defaults = new Map((properties.pipeline_parameters ?? []).map(p => [p.name, p.default_value?.value]));
  const shared = properties.pipeline_defaults?.env_vars ?? [];
  const steps = Object.fromEntries(taken.map(node => [names.get(node.id)!, stepOf(node, { main, names, defaults, shared, left })]));
  pipeline.pipelines.filter(p => p !== main).forEach(p => left.push(`The inner pipeline ${p.id} (a loop or a group).`));
  return { file: { slipway: 1, name: pipelineName(properties.name ?? fileName), steps }, left };
}

function isTaken(node: ElyraNode, left: string[]): boolean {
  if (node.op === NOTEBOOK || node.op === SCRIPT) {
    return node.app_data?.component_parameters?.filename !== undefined || !left.push(`The node ${labelOf(node)}, which names no file.`);
  }
  left.push(`The node ${labelOf(node)}: ${node.op === 'execute-r-node' ? 'R scripts are not run' : `the component ${node.op ?? node.type} has no equivalent`}. What came after it comes after what came before it.`);
  return false;
}

interface Context {
  main: { nodes: readonly ElyraNode[] };
  names: ReadonlyMap<string, string>;
  defaults: ReadonlyMap<string, unknown>;
  shared: readonly { env_var: string; value: unknown }[];
  left: string[];
}

function stepOf(node: ElyraNode, { main, names, defaults, shared, left }: Context): FileStep {
  const { filename, env_vars, pipeline_parameters, cpu, memory, gpu } = node.app_data!.component_parameters!;
  const env: NonNullable<FileStep['env']> = Object.fromEntries([...shared, ...(env_vars ?? [])].map(v => [v.env_var, text(v.value)]));
  const params: NonNullable<FileStep['params']> = {};
  for (const name of pipeline_parameters ?? []) {
    if (/^[A-Za-z_]\w*$/.test(name)) {
      const value = defaults.get(name);
      params[name] = typeof value === 'number' || typeof value === 'boolean' ? value : text(value);
      env[name] = { param: name };
    } else {
      left.push(`The parameter ${name} of ${labelOf(node)}: it is no name of a variable.`);
    }
  }
  const resources = { ...(cpu != null && { cpus: cpu }), ...(memory != null && { memoryBytes: memory * 2 ** 30 }), ...(gpu != null && gpu > 0 && { gpus: gpu }) };
  const after = [...new Set(before(node, main.nodes, names, new Set()))];
  return {
    notebook: filename!,
    ...(Object.keys(params).length > 0 && { params }),
    ...(Object.keys(env).length > 0 && { env }),
    ...(after.length > 0 && { after }),
    ...(Object.keys(resources).length > 0 && { resources: resources as FileStep['resources'] })
  };
}

/** Steps before a node; a node that is left out stands for those before it. */
function before(node: ElyraNode, nodes: readonly ElyraNode[], names: ReadonlyMap<string, string>, seen: Set<string>): string[] {
  return (node.inputs ?? [])
    .flatMap(input => input.links ?? [])
    .flatMap(link => {
      const name = names.get(link.node_id_ref);
      const other = nodes.find(n => n.id === link.node_id_ref);
      if (name !== undefined || !other || seen.has(other.id)) {
        return name ?? [];
      }
      seen.add(other.id);
      return before(other, nodes, names, seen);
    });
}

function namesOf(nodes: readonly ElyraNode[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const node of nodes) {
    const base = labelOf(node).replace(/\.(ipynb|py)$/, '').replace(/[\r\n]+/g, ' ').slice(0, 70) || 'step';
    let name = base;
    for (let count = 2; [...names.values()].includes(name); count++) {
      name = `${base}-${count}`;
    }
    names.set(node.id, name);
  }
  return names;
}

function labelOf(node: ElyraNode): string {
  return node.app_data?.ui_data?.label ?? node.app_data?.label ?? node.app_data?.component_parameters?.filename?.split('/').at(-1) ?? node.id;
}

/** A name a pipeline may have. */
export function pipelineName(name: string): string {
  const tidy = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 100);
  return PipelineName.safeParse(tidy).data ?? 'imported';
}

const text = (value: unknown): string => (value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));
