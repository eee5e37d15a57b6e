import { createWriteStream } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ImportedModel, RunImport } from '@slipway/schema';
import { CliError, EXIT } from '../output';
import { localFiles, openLocal } from './local-files';
import { noTotals, sendFile, type Sink, type Totals } from './sink';

const FORMAT = 'slipway-export/1';

/** Writes a transfer as files: `slipway-export.json`, `runs/000001.json`…, `models/NAME.json`, and `files/ID/…` as they are. */
export async function folderSink(root: string): Promise<Sink> {
  await mkdir(join(root, 'runs'), { recursive: true });
  await mkdir(join(root, 'models'), { recursive: true });
  if ((await readdir(join(root, 'runs'))).length > 0) {
    throw new CliError(EXIT.usage, 'folder_in_use', `${root} holds an export already; name an empty folder.`);
  }
  await writeFile(join(root, 'slipway-export.json'), JSON.stringify({ format: FORMAT }));
  let count = 0;
  return {
    async runs(batch) {
      await writeFile(join(root, 'runs', `${String(++count).padStart(6, '0')}.json`), JSON.stringify(batch));
      return new Map([...batch.runs.map(run => run.runId), ...(batch.loggedModels ?? []).map(model => model.modelId)].map(id => [id, id]));
    },
    model: model => writeFile(join(root, 'models', `${encodeURIComponent(model.name)}.json`), JSON.stringify(model)),
    present: async () => new Map(),
    async file(folder, path, bytes) {
      const target = join(root, 'files', folder, ...path.split('/'));
      await mkdir(dirname(target), { recursive: true });
      await pipeline(Readable.fromWeb((await bytes()) as never), createWriteStream(target));
    }
  };
}

/** Sends what an export holds. @throws {CliError} for a folder that is none */
export async function readFolder(root: string, sink: Sink, onProgress: (totals: Totals) => void): Promise<Totals> {
  const said = await readFile(join(root, 'slipway-export.json'), 'utf8').catch(() => '');
  if (!said.includes(FORMAT)) {
    throw new CliError(EXIT.usage, 'not_an_export', `${root} is not an export of Slipway: it has no slipway-export.json of the format ${FORMAT}.`);
  }
  const totals = noTotals();
  const experiments = new Set<string>();
  for (const name of (await readdir(join(root, 'runs'))).sort()) {
    const batch = RunImport.parse(JSON.parse(await readFile(join(root, 'runs', name), 'utf8')));
    for (const [id, folder] of await sink.runs(batch)) {
      const there = await sink.present(folder);
      for await (const { path, sizeBytes } of localFiles(join(root, 'files', id))) {
        await sendFile(sink, totals, { folder, path, there }, { sizeBytes, bytes: async () => openLocal(join(root, 'files', id, path)) });
      }
    }
    experiments.add(batch.experiment.name);
    totals.experiments = experiments.size;
    totals.runs += batch.runs.length;
    totals.loggedModels += batch.loggedModels.length;
    totals.points += batch.runs.flatMap(run => run.metrics).reduce((sum, m) => sum + m.points.length, 0);
    onProgress(totals);
  }
  for (const name of await readdir(join(root, 'models'))) {
    const model = ImportedModel.parse(JSON.parse(await readFile(join(root, 'models', name), 'utf8')));
    await sink.model(model);
    totals.models++;
    totals.versions += model.versions.length;
  }
  return totals;
}
