#!/usr/bin/env node
// The command line. Sets up and builds what is missing (progress on stderr),
// then loads the bundle; with nothing to do that costs a few milliseconds.
import { createRequire } from 'node:module';
import { ensureReady } from '../scripts/setup.mjs';

const args = process.argv.slice(2);
// Only the daemon runs kernels; the other commands read files or call it.
const runsKernels = ['serve', 'start'].includes(args[0]);
const needsSandbox = runsKernels && !/(^| )--sandbox[ =]none( |$)/.test(args.join(' '));
await ensureReady({ parts: ['npm', 'daemon', ...(runsKernels ? ['python'] : []), ...(needsSandbox ? ['sandbox'] : [])] });
const { run } = createRequire(import.meta.url)('../build/slipway.js');
await run(args);
