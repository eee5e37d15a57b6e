import { basename } from 'node:path';
import type { ApplyPipelineFiles, PipelineFile, PipelineSourceFile } from '@slipway/schema';
import { canonicalJson, inOrder } from '../pipelines';
import { Problems } from './problems';
import { readPipelineFile } from './read-file';
import { startersOf, wholeStarters } from './starters';

/** Pipelines with their names, each behind those of them that its triggers wait for; a loop is told of by the daemon. @throws PipelineFileInvalid */
export function inOrderOfNeed(loaded: readonly ApplyPipelineFiles[]): { name: string; body: ApplyPipelineFiles }[] {
  const named = loaded.map(body => ({ file: fileIn(body.files[0]!), body }));
  const names = new Set<string>(named.map(n => n.file.name));
  const pipelines = named.map(({ file, body }) => ({ name: file.name, body, after: upstreamsOf(file).filter(u => names.has(u) && u !== file.name) }));
  const ordered = inOrder(pipelines);
  return [...ordered, ...pipelines.filter(p => !ordered.includes(p))].map(({ name, body }) => ({ name, body }));
}

/** Whether two files, read by themselves, start their pipeline alike. @throws PipelineFileInvalid */
export function startAlike(one: PipelineSourceFile, other: PipelineSourceFile): boolean {
  const [first, second] = [one, other].map(file => wholeStarters(startersOf(fileIn(file))));
  const sorted = (specs: readonly { name: string }[]): string => canonicalJson([...specs].sort((a, b) => (a.name < b.name ? -1 : 1)));
  return sorted(first!.schedules) === sorted(second!.schedules) && sorted(first!.triggers) === sorted(second!.triggers);
}

function upstreamsOf({ triggers }: PipelineFile): string[] {
  const sources = Object.values(triggers ?? {}).flatMap(t => t.when.any.flatMap(group => group.all));
  return sources.flatMap(source => (source.kind === 'pipeline' ? [source.pipeline] : []));
}

function fileIn({ path, text }: PipelineSourceFile): PipelineFile {
  const problems = new Problems();
  const read = readPipelineFile(basename(path), text, problems);
  problems.throwIfAny();
  return read!.file;
}
