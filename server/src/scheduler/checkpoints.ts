import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JobSpec } from './executor';

export type Checkpoints = ReturnType<typeof createCheckpoints>;

/**
 * Folders in which steps keep what they got done: `root/<log key>/<what it
 * runs>/`. A further attempt of the same step, on the same code and inputs,
 * finds what the one before left; another input never does.
 */
export function createCheckpoints(root: string) {
  const placeOf = (logKey: string): string => join(root, ...logKey.split('/').map(encodeURIComponent));

  return {
    /** The folder of a job's attempts, which is there. */
    async open(job: { logKey: string; spec: JobSpec }): Promise<string> {
      const folder = join(placeOf(job.logKey), fingerprint(job.spec));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    /** The step has succeeded, or will never run again. */
    async remove(logKey: string): Promise<void> {
      const place = placeOf(logKey);
      await rm(place, { recursive: true, force: true, maxRetries: 3 });
      for (let above = dirname(place); above.length > root.length; above = dirname(above)) {
        await rmdir(above).catch(() => undefined); // another step's are still there
      }
    },
    /** Those there are, by the first part of their log keys: the runs they belong to. */
    owners: (): Promise<string[]> => readdir(root).then(names => names.map(decodeURIComponent), () => [])
  };
}

function fingerprint({ cells, inputs, inputFiles }: JobSpec): string {
  return createHash('sha256').update(JSON.stringify([cells, inputs, inputFiles])).digest('hex').slice(0, 16);
}
