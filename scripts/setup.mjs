// Brings a fresh clone to where its parts run, doing only what is missing or
// out of date. Node's own modules only: it runs before `npm ci` has finished.
import { browser } from './setup/browser.mjs';
import { buildDaemon, buildLab } from './setup/build.mjs';
import { npmPackages } from './setup/npm.mjs';
import { labPackage, motoServer, openLineageClient, pythonEnvironment } from './setup/python.mjs';
import { sandbox } from './setup/sandbox.mjs';
import { SetupError } from './setup/steps.mjs';

/** In the order they need each other. */
const PARTS = { npm: npmPackages, python: pythonEnvironment, openlineage: openLineageClient, moto: motoServer, sandbox, daemon: buildDaemon, lab: buildLab, labPackage, browser };

/** What the user can do where the system says no. */
const NOT_WRITABLE = `Slipway sets itself up in its own folder: run it as the user whose folder that is.\n`;
const CURES = { EACCES: NOT_WRITABLE, EPERM: NOT_WRITABLE, EROFS: NOT_WRITABLE, ENOSPC: 'The disk is full: make room and run the command again, it goes on where it stopped.\n' };

/**
 * Makes the named parts ready; ends the process with the exact cure when one cannot be.
 *
 * @param {{ parts: (keyof typeof PARTS)[] }} options
 */
export async function ensureReady({ parts }) {
  try {
    for (const [name, make] of Object.entries(PARTS)) {
      if (parts.includes(name)) {
        await make();
      }
    }
  } catch (error) {
    const cure = CURES[error.code];
    if (!(error instanceof SetupError) && cure === undefined) {
      throw error;
    }
    process.stderr.write(`\n${error.message}\n${cure ?? ''}`);
    process.exit(1);
  }
}
