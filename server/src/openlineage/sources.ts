import type { Artifacts } from '../artifacts';
import type { Pipelines } from '../pipelines';
import { readMlModel, signatureOf, type Registry } from '../registry';
import type { Sessions } from '../tracking';
import { mlflowColumns } from './columns';
import type { Column, FactSources } from './facts';

/** What the features that run code and keep models tell of a run. */
export function factSources(of: { sessions: Sessions; pipelines: Pipelines; registry: Registry; artifacts: Artifacts }): FactSources {
  return {
    pipelineRun: runId => of.pipelines.facts(runId),
    async trial(runId) {
      const facts = await of.sessions.facts(runId);
      return facts && { ...facts, reads: facts.reads.map(({ schema, ...data }) => ({ ...data, ...columnsOf(schema) })) };
    },
    async modelColumns(name, version) {
      // A model that was removed meanwhile has no columns any more.
      const found = await of.registry.resolve(name, version).catch(() => null);
      const signature = signatureOf(await readMlModel(of.artifacts, found?.folder ?? null));
      const columns = (list: { name: string | null; type: string }[]): Column[] => list.map(c => ({ name: c.name ?? '', type: c.type }));
      return signature && { inputs: columns(signature.inputs), outputs: columns(signature.outputs) };
    }
  };
}

function columnsOf(schema: string | null | undefined): { columns?: Column[] } {
  const columns = mlflowColumns(schema ?? null);
  return columns ? { columns } : {};
}
