import type { PipelineSourceFile } from '@slipway/schema';
import { parse } from 'yaml';
import { mergeYaml } from './merge-yaml';
import { parseScript, printScript } from './percent-script';
import { SUFFIX } from './read-sources';

/**
 * New files over those a person has: comments and order of the YAML stay, and
 * so do the titles of cells and what stands above the first one.
 */
export function pullOver(fresh: readonly PipelineSourceFile[], existing: ReadonlyMap<string, string>): PipelineSourceFile[] {
  return fresh.map(({ path, text }) => {
    const before = existing.get(path);
    if (before === undefined) {
      return { path, text };
    }
    return { path, text: path.endsWith(SUFFIX) ? mergeYaml(before, parse(text) as Record<string, unknown>) : scriptOver(before, text) };
  });
}

function scriptOver(before: string, text: string): string {
  const known = parseScript(before);
  const titles = new Map(known.cells.map(c => [c.id, c.title]));
  const cells = parseScript(text).cells.map(cell => ({ ...cell, title: titles.get(cell.id) ?? cell.title }));
  return printScript(cells, known.preamble);
}
