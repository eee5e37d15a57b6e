import { main } from './cli';

/** The process: `bin/slipway.mjs` loads this bundle and hands it the command line. */
export async function run(args: readonly string[]): Promise<void> {
  const code = await main(args);
  // Flushed by hand: exit() right after a large write to a pipe would cut it.
  await Promise.all([process.stdout, process.stderr].map(s => new Promise<void>(resolve => s.write('', () => resolve()))));
  process.exit(code);
}
