import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of Slipway's own files (Python sources, packaged binaries), whether this runs from `lib`, a bundle or a test. */
export function packageRoot(from = __dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'slipway') {
      return folder;
    }
    if (dirname(folder) === folder) {
      throw new Error(`Slipway's own folder is not above ${from}.`);
    }
  }
}
