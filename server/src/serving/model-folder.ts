import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Artifacts } from '../artifacts';
import { Conflict, NotFound } from '../core/errors';

/** A model's files laid out for its process, beside the one folder that process may write to. */
export interface ModelFolder {
  model: string;
  scratch: string;
  remove(): Promise<void>;
}

/**
 * Lays a model's artifacts out as the folder MLflow loads. They are copies
 * (sharing their bytes where the file system can): without a sandbox a model
 * could write to what it was given, and stored blobs must never change.
 *
 * @throws {NotFound} `model_has_no_files`
 * @throws {Conflict} `model_files_missing`
 */
export async function layOut(artifacts: Artifacts, source: string, root: string): Promise<ModelFolder> {
  const files = await artifacts.files.list(source);
  if (files.length === 0) {
    throw new NotFound('model_has_no_files', 'The files of this model version are not among the artifacts (any more).');
  }
  for (const file of files) {
    if (!(await artifacts.blobs.has(file.digest))) {
      throw new Conflict('model_files_missing', `This model version cannot be served: the bytes of ${file.path} are not on this daemon’s disk (any more).`);
    }
  }
  // A new one each time: the files of a process that has just died may be on their way out still.
  const folder = join(root, randomUUID());
  const model = join(folder, 'model');
  const scratch = join(folder, 'scratch');
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  for (const file of files) {
    const path = join(model, file.path.slice(source.length + 1));
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await copyFile(artifacts.blobs.pathOf(file.digest), path, constants.COPYFILE_FICLONE);
  }
  return { model, scratch, remove: () => rm(folder, { recursive: true, force: true }) };
}
