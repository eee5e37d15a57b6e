import { PipelineFile } from '@slipway/schema';
import type { z } from 'zod';
import type { Problems } from './problems';
import { readYaml, type Locate, type ReadYaml } from './read-yaml';

export interface ReadFile extends Omit<ReadYaml, 'value'> {
  file: PipelineFile;
  /** As it stands, nothing filled in. */
  value: Record<string, unknown>;
}

/** A `.pipeline.yaml` as its schema has it; null when the problems say why not. */
export function readPipelineFile(name: string, text: string, problems: Problems): ReadFile | null {
  const yaml = readYaml(name, text, problems);
  if (!yaml) {
    return null;
  }
  const file = checkPipelineFile(yaml.value ?? {}, yaml.locate, problems);
  return file && { file, value: yaml.value as Record<string, unknown>, locate: yaml.locate, doc: yaml.doc };
}

/** What a file says as its schema has it, whatever it was read from; null when the problems say why not. */
export function checkPipelineFile(value: unknown, locate: Locate, problems: Problems): PipelineFile | null {
  const parsed = PipelineFile.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  for (const issue of parsed.error.issues.flatMap(plainIssues)) {
    if (issue.code === 'unrecognized_keys') {
      issue.keys.forEach(key => problems.add(locate([...issue.path, key], 'key'), `There is no field \`${key}\` ${issue.path.length > 0 ? `in ${issue.path.map(String).join('.')}` : 'here'}.`));
    } else {
      const at = issue.path.map(String).join('.');
      problems.add(locate(issue.path, issue.code === 'invalid_key' ? 'key' : 'value'), at === '' ? `${issue.message}.` : `${at}: ${issue.message}.`);
    }
  }
  return null;
}

type Issue = z.core.$ZodIssue;

/** Of a union only the form that is nearest to what stands there; of a bad key what is bad about it. */
function plainIssues(issue: Issue): Issue[] {
  if (issue.code === 'invalid_key') {
    return issue.issues.map(inner => ({ ...issue, message: inner.message }));
  }
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) {
    return [issue];
  }
  const forms = issue.errors.map(form => form.flatMap(inner => plainIssues({ ...inner, path: [...issue.path, ...inner.path] } as Issue)));
  const depth = (form: readonly Issue[]): number => Math.max(...form.map(i => i.path.length + (i.code === 'invalid_type' ? 0 : 0.5)));
  return forms.reduce((best, form) => (depth(form) > depth(best) ? form : best));
}
