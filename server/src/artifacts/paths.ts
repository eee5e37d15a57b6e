import { InvalidInput } from '../core/errors';

const LONGEST = 2_000;
/** Leaves room for the folder of a run. */
const LONGEST_BELOW = 1_800;

/** Whether the path may be an artifact's below a run's folder. */
export function isStorable(path: string): boolean {
  return path.length <= LONGEST_BELOW && isPlain(path);
}

/**
 * An artifact's path as it is stored: relative, `/` between parts, no `.`,
 * `..`, empty or control-character part; also none that appears when the text
 * is decoded once more.
 *
 * @throws {InvalidInput} `invalid_path`
 */
export function checkedPath(path: string): string {
  if (path.length > LONGEST || !isPlain(path)) {
    throw new InvalidInput('invalid_path', 'An artifact path is relative, without `..`, backslashes and control characters.');
  }
  return path;
}

function isPlain(path: string): boolean {
  const isBad = (part: string): boolean => part === '' || part === '.' || part === '..' || /[\0-\x1f\x7f\\]/.test(part);
  return !path.split('/').some(part => isBad(part) || decodedAll(part).split(/[/\\]/).some(p => p === '..' || p.includes('\0')));
}

/** Undoes percent-encoding until nothing changes, at most five times. */
function decodedAll(text: string): string {
  let current = text;
  for (let i = 0; i < 5 && current.includes('%'); i++) {
    try {
      const next = decodeURIComponent(current);
      if (next === current) {
        break;
      }
      current = next;
    } catch {
      break;
    }
  }
  return current;
}
