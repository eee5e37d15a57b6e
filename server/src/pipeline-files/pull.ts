import { Schedule, type PipelineSourceFile } from '@slipway/schema';
import { isMap, parse, parseDocument } from 'yaml';
import { DEFAULT_SCHEDULE } from '../pipelines';
import { mergeYaml } from './merge-yaml';
import { parseScript, printScript } from './percent-script';
import { SUFFIX } from './read-sources';

/**
 * New files over those a person has: comments and order of the YAML stay, and
 * so do the titles of cells and what stands above the first one. `isSilent`
 * leaves out what starts a pipeline where the file says nothing of it.
 */
export function pullOver(fresh: readonly PipelineSourceFile[], existing: ReadonlyMap<string, string>, isSilent = false): PipelineSourceFile[] {
  return fresh.map(({ path, text }) => {
    const before = existing.get(path);
    if (before === undefined) {
      return { path, text };
    }
    return { path, text: path.endsWith(SUFFIX) ? yamlOver(before, parse(text) as Record<string, unknown>, isSilent) : scriptOver(before, text) };
  });
}

function yamlOver(before: string, fresh: Record<string, unknown>, isSilent: boolean): string {
  const former = parseDocument(before, { version: '1.2', schema: 'core', logLevel: 'silent' }).contents;
  const says = (key: string): boolean => isMap(former) && former.has(key);
  const { schedules, triggers, ...others } = fresh;
  // A file that says its one schedule as `schedule` goes on saying it so, as long as that says all of it.
  const isShort = says('schedule') && !says('schedules') && (schedules === undefined || Schedule.strict().safeParse(onlyDefault(schedules)).success);
  return mergeYaml(before, {
    ...others,
    ...((!isSilent || says('schedules') || says('schedule')) && (isShort ? { schedule: onlyDefault(schedules) } : { schedules })),
    ...((!isSilent || says('triggers')) && { triggers })
  });
}

function onlyDefault(schedules: unknown): unknown {
  const named = Object.entries(schedules ?? {});
  return named.length === 1 && named[0]![0] === DEFAULT_SCHEDULE ? { timeZone: 'UTC', ...(named[0]![1] as object) } : undefined;
}

function scriptOver(before: string, text: string): string {
  const known = parseScript(before);
  const titles = new Map(known.cells.map(c => [c.id, c.title]));
  const cells = parseScript(text).cells.map(cell => ({ ...cell, title: titles.get(cell.id) ?? cell.title }));
  return printScript(cells, known.preamble);
}
