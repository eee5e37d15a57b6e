import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from '../kernels/zygote';
import type { Walls } from './run-step';
import type { BlobStore, StoredValue } from './spec';
import { createWorkspace } from './workspace';

/** Whether two stored values are the same result: loads both in `kernel`, behind walls, for a pickle may run anything. */
export async function compareValues(
  deps: { blobs: BlobStore; workDir: string; walls: Walls | null; afterwards(work: Promise<unknown>): void },
  kernel: Kernel,
  left: StoredValue,
  right: StoredValue
): Promise<{ isEqual: boolean; message: string }> {
  const workspace = createWorkspace(deps.workDir, `compare-${randomBytes(4).toString('hex')}`, deps.blobs);
  try {
    workspace.fill({ inputs: [{ ...left, name: 'left' }, { ...right, name: 'right' }], inputFiles: [] });
    const folder = join(workspace.folder, 'empty');
    mkdirSync(folder);
    const job = JSON.stringify({ io: workspace.io, folder, walls: deps.walls && { layer: workspace.folder, ...deps.walls }, env: {}, cpus: 1, inputs: [], track: false });
    const code = `import json, slipway.step as _s; _s.begin(json.loads(${JSON.stringify(job)})); _s.compare(${JSON.stringify(left.codec)}, ${JSON.stringify(right.codec)})`;
    const reply = await Promise.race([kernel.connection.execute(code, { isSilent: true }), kernel.ended.then(() => null)]);
    return reply?.status === 'ok' ? await workspace.reply() : { isEqual: false, message: `cannot be compared: ${reply?.ename ?? 'the kernel died'}: ${reply?.evalue ?? ''}` };
  } finally {
    kernel.kill();
    deps.afterwards(kernel.ended.then(() => workspace.remove()));
  }
}
