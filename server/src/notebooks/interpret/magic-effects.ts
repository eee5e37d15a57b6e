import { normalPath } from '../knowledge/files';
import type { Magics } from '../source/magics';
import { fresh } from './values';
import type { World } from './world';

/** What a cell's magics do, around the walk of its Python. */
export function runMagics(world: World, magics: Magics, walk: () => void): void {
  if (magics.changesFolder) {
    world.readState('folder');
    world.setState('folder');
  }
  if (magics.changesEnvironment) {
    world.setState('environment');
  }
  for (const text of magics.shell) {
    for (const path of pathsIn(text)) {
      world.writeFile(path, 'change');
    }
  }
  magics.writes.forEach(path => world.writeFile(normalPath(path), 'bind'));
  walk();
  magics.uses.forEach(name => world.read(name));
  magics.binds.forEach(name => world.bind(name, fresh()));
  world.unit.bindsUnseen ||= magics.bindsUnseen;
  world.unit.warnings.push(...magics.warnings);
}

/** Words of a shell command that look like files. */
function pathsIn(text: string): string[] {
  const words = text.split(/[\s;|&<>"'=()]+/).filter(word => /^[\w./-]*\.[A-Za-z]\w*$/.test(word) && !word.startsWith('-'));
  return [...new Set(words.map(word => normalPath(word)))];
}
