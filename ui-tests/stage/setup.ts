import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

/** Builds the product as it stands and puts it into the JupyterLab that the stories drive. */
export default async function setup(): Promise<void> {
  const module = pathToFileURL(join(__dirname, '..', '..', 'scripts', 'setup.mjs')).href;
  const { ensureReady } = (await import(module)) as { ensureReady(options: { parts: string[] }): Promise<void> };
  await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon', 'lab', 'labPackage', 'browser'] });
}
