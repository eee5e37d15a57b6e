import { InvalidInput } from '../core/errors';

/**
 * An artifact's path as it is stored: relative, `/` between parts, no `.`,
 * `..`, empty or control-character part; also none that appears when the text
 * is decoded once more.
 *
 * @throws {InvalidInput} `invalid_path`
 */
export function checkedPath(path: string): string {
  const parts = path.split('/');
  const isBad = (part: string): boolean => part === '' || part === '.' || part === '..' || /[\0-\x1f\x7f\\]/.test(part);
  if (path.length > 2_000 || parts.some(part => isBad(part) || decodedAll(part).split(/[/\\]/).some(p => p === '..' || p.includes('\0')))) {
    throw new InvalidInput('invalid_path', 'An artifact path is relative, without `..`, backslashes and control characters.');
  }
  return path;
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
