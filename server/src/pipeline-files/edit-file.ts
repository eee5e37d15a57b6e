import { FileStep, PipelineOptions, StepOptions, type PipelineFileEdits, type StepGrouping } from '@slipway/schema';
import { canonicalJson } from '../pipelines';
import { lean } from './lean-options';
import { mergeYaml } from './merge-yaml';

type Json = Record<string, unknown>;

/** A file as it was read, and what its steps and parameters came to. */
export interface Editable {
  text: string;
  /** As it stands in the file, nothing filled in. */
  value: Json;
  grouping: StepGrouping;
  params: readonly string[];
  /** All constants of its cells. */
  constants: readonly string[];
}

/** The text with edits written into it; what they do not change stays as it stands. */
export function editFile(file: Editable, edits: PipelineFileEdits): string {
  const value = structuredClone(file.value);
  const isRegrouped = edits.grouping !== undefined && canonicalJson(edits.grouping) !== canonicalJson(file.grouping);
  if (isRegrouped) {
    regroup(value, file.grouping, edits.grouping!);
  }
  if (edits.options) {
    setOptions(value, edits.options);
  }
  if (edits.params && canonicalJson([...edits.params].sort()) !== canonicalJson([...file.params].sort())) {
    setParams(value, file.constants, edits.params);
  }
  return canonicalJson(value) === canonicalJson(file.value) && !isRegrouped ? file.text : mergeYaml(file.text, value, { isOrdered: isRegrouped });
}

/**
 * Steps cut and joined anew. One that keeps its cells keeps all that was said
 * of it, whatever its name; of others the cells tell what they take and give.
 */
function regroup(value: Json, before: StepGrouping, after: StepGrouping): void {
  const former = value.steps as Record<string, Json | null>;
  const successors = (name: string): string[] => {
    const cells = before.find(s => s.name === name)?.cells ?? [];
    const heirs = after.filter(s => s.name === name || (!after.some(a => a.name === name) && s.cells.some(id => cells.includes(id))));
    return heirs.map(s => s.name);
  };
  value.steps = Object.fromEntries(
    after.map(({ name, cells }) => {
      const was = before.find(s => s.name === name) ?? before.find(s => !after.some(a => a.name === s.name) && isSame(s.cells, cells));
      const { cells: _cells, inputs, outputs, after: waits, ...kept } = (was && former[was.name]) ?? {};
      const isWhole = was !== undefined && isSame(was.cells, cells);
      const order = isWhole && Array.isArray(waits) ? { after: [...new Set(waits.flatMap(w => successors(String(w))))] } : {};
      const own = isSame(cells, [name]) ? {} : { cells };
      return [name, { ...own, ...order, ...(isWhole && { ...(inputs !== undefined && { inputs }), ...(outputs !== undefined && { outputs }) }), ...kept }];
    })
  );
}

/** Only what differs is written, so that what a person wrote out stays. */
function setOptions(value: Json, options: PipelineOptions): void {
  const { steps, ...whole } = options;
  for (const [name, step] of Object.entries(value.steps as Record<string, Json | null>)) {
    const written = { ...step };
    setFields(written, FileStep.parse(written), StepOptions.parse(steps[name] ?? {}), lean(StepOptions, steps[name] ?? {}), Object.keys(StepOptions.shape));
    (value.steps as Record<string, Json>)[name] = written;
  }
  const fields = Object.keys(PipelineOptions.shape).filter(key => key !== 'steps');
  const known = PipelineOptions.parse(Object.fromEntries(fields.flatMap(key => (value[key] === undefined ? [] : [[key, value[key]]]))));
  setFields(value, known, PipelineOptions.parse(whole), lean(PipelineOptions, whole), fields);
}

function setFields(written: Json, known: object, wanted: object, wantedLean: object, keys: readonly string[]): void {
  const [before, after, short] = [known as Json, wanted as Json, wantedLean as Json];
  for (const key of keys) {
    if (canonicalJson(before[key] ?? null) === canonicalJson(after[key] ?? null)) {
      continue;
    }
    if (short[key] === undefined) {
      delete written[key];
    } else {
      written[key] = short[key];
    }
  }
}

/** Values that the pipeline has in place of the cells' own go with the parameter. */
function setParams(value: Json, constants: readonly string[], params: readonly string[]): void {
  if (constants.every(name => params.includes(name))) {
    delete value.params;
  } else {
    value.params = [...params];
  }
  const values = Object.entries((value.paramValues ?? {}) as Json).filter(([name]) => params.includes(name));
  if (values.length === 0) {
    delete value.paramValues;
  } else {
    value.paramValues = Object.fromEntries(values);
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((id, i) => id === b[i]);
