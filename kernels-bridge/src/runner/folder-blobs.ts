import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BlobStore } from '../step/spec';

/** Blobs in a parcel: inputs are read from `inputs`, results go to `outputs`, by digest. */
export function createFolderBlobs(inputs: string, outputs: string): BlobStore {
  return {
    async putFile(path) {
      const temporary = join(outputs, `new-${randomBytes(6).toString('hex')}`);
      await copyFile(path, temporary);
      const file = await open(temporary, 'r');
      try {
        const hash = createHash('sha256');
        await pipeline(createReadStream(temporary), hash);
        await file.sync();
        const digest = hash.digest('hex');
        const { size } = await file.stat();
        await rename(temporary, join(outputs, digest));
        return { digest, sizeBytes: size };
      } finally {
        await file.close();
      }
    },
    pathOf: digest => join(inputs, digest)
  };
}
