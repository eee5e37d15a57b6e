import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { join, sep } from 'node:path';

/** What a step left is no file of its own making: a link, a pipe, or gone. */
export class NotTheSteps extends Error {
  constructor(path: string, cause?: unknown) {
    super(`${path} is not a plain file of the step's own.`, { cause });
  }
}

/**
 * Calls `use` with a path to the opened file, which no link and no exchange
 * after the check can lead elsewhere.
 *
 * @throws {NotTheSteps} if it is no plain file, or lies outside `top` in truth
 */
export async function within<T>(top: string, path: string, use: (opened: string, sizeBytes: number) => Promise<T>): Promise<T> {
  const file = open(join(top, path));
  try {
    const opened = `/proc/self/fd/${file}`;
    const stat = fstatSync(file);
    if (!stat.isFile() || !readlinkSync(opened).startsWith(top + sep)) {
      throw new NotTheSteps(path);
    }
    return await use(opened, stat.size);
  } finally {
    closeSync(file);
  }
}

/** @throws {NotTheSteps} */
function open(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw new NotTheSteps(path, error);
  }
}

/** Plain files below `root`, relative to it; links are none, and caches are passed by. */
export function* walk(root: string, below = ''): Generator<string> {
  for (const entry of existsSync(join(root, below)) ? readdirSync(join(root, below), { withFileTypes: true }) : []) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && !['__pycache__', '.ipynb_checkpoints', '.git'].includes(entry.name)) {
      yield* walk(root, path);
    } else if (entry.isFile()) {
      yield path;
    }
  }
}
