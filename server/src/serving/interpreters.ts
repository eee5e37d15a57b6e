import type { Registry } from '../registry';
import type { WorkersPort } from './ports';

/** Tag of a model version that names the kernel its pipeline ran in. */
export const KERNEL_TAG = 'slipway.kernel';

/**
 * Interpreters to load a model with, best first: that of the kernel it was
 * made in, then Slipway's own, which has MLflow for certain.
 */
export async function interpretersFor(registry: Registry, kernels: WorkersPort, name: string, version: string): Promise<string[]> {
  const { tags } = await registry.version(name, version);
  const kernel = tags.find(t => t.key === KERNEL_TAG)?.value;
  const own = kernel === undefined ? null : await kernels.findKernel(kernel).then(
    spec => spec.python,
    () => null // the kernel was taken out since
  );
  return [...new Set(own === null ? [kernels.python] : [own, kernels.python])];
}
