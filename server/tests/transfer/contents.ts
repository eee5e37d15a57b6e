import { createHash } from 'node:crypto';
import { openMlflow } from '../../src/cli/transfer/mlflow-source';

/** All that a server holds, as its API tells it; folders and times of its own left out. */
export async function contentsOf(url: string, here: { proxied: string } | null = null): Promise<object> {
  const source = openMlflow(url, null, here);
  const contents: Record<string, object> = {};
  for await (const experiment of source.experiments()) {
    for await (const runs of source.runs(experiment.experiment_id)) {
      const histories = await source.histories(runs);
      const next = runs.values();
      const readRuns = async (): Promise<void> => {
        for (const { info, data, inputs } of next) {
          const folder = info.artifact_uri.replace(/^mlflow-artifacts:\/*/, '');
          const files: string[] = [];
          for await (const { path } of source.files(folder)) {
            files.push(`${path} ${await digestOf(await source.open(`${folder}/${path}`))}`);
          }
          const { artifact_uri: _, experiment_id: __, ...about } = info;
          const points = [...histories.get(info.run_id)!].map(([key, found]) => [key, found.map(p => [p.key, String(p.step), p.timestamp, p.value])]);
          contents[info.run_id] = { experiment: experiment.name, tags: experiment.tags, about, params: sorted(data.params), runTags: sorted(data.tags), points: sorted(points), inputs, files: files.sort() };
        }
      };
      await Promise.all(Array.from({ length: 8 }, readRuns));
    }
    for await (const { info, data } of source.loggedModels(experiment.experiment_id)) {
      contents[info.model_id] = { name: info.name, status: info.status, run: info.source_run_id, params: sorted(data?.params), tags: sorted(info.tags), metrics: sorted(data?.metrics?.map(m => (m.key === 'nan' ? { ...m, value: 'NaN' } : m))) }; // MLflow tells 0 here
    }
  }
  for await (const model of source.models()) {
    const versions = (await source.versions(model.name)).map(({ version, run_id, description, current_stage, tags }) => ({ version, run_id, description, current_stage, tags }));
    contents[model.name] = { description: model.description, tags: model.tags, aliases: model.aliases, versions: sorted(versions) };
  }
  return contents;
}

function sorted(items: readonly unknown[] | undefined): unknown[] {
  return [...(items ?? [])].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

async function digestOf(bytes: ReadableStream<Uint8Array>): Promise<string> {
  return createHash('sha256').update(Buffer.from(await new Response(bytes).arrayBuffer())).digest('hex');
}
