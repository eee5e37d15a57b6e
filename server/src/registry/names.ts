import { InvalidInput } from '../core/errors';
import type { Stage } from './tables';

/** Prompts are registered models with this tag; whoever does not ask for them does not see them. */
export const PROMPT_TAG = 'mlflow.prompt.is_prompt';

/** The alias that gates stand before. */
export const CHAMPION = 'champion';

/** @throws {InvalidInput} unless the name can be a registered model's */
export function checkModelName(name: string): void {
  if (name === '' || name.length > 250 || /[/:\0]/.test(name)) {
    throw new InvalidInput('invalid_name', `Registered model name cannot be empty, longer than 250 characters, or hold '/' and ':'. Got '${name.slice(0, 300)}'.`);
  }
}

/** `1` is allowed, `v1` and `latest` are not: they would look like versions. @throws {InvalidInput} */
export function checkAlias(alias: string): void {
  if (alias === '' || alias.length > 255 || !/^[\w-]+$/.test(alias)) {
    throw new InvalidInput('invalid_alias', `Invalid alias name '${alias}': it may hold letters, digits, '_' and '-'.`);
  }
  if (/^v\d+$/i.test(alias) || alias.toLowerCase() === 'latest') {
    throw new InvalidInput('invalid_alias', `The alias '${alias}' is reserved: it looks like a version.`);
  }
}

/** @throws {InvalidInput} unless it is a version number */
export function toVersion(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new InvalidInput('invalid_version', `Model version must be an integer, got '${text}'.`);
  }
  return Number(text);
}

const STAGES: readonly Stage[] = ['None', 'Staging', 'Production', 'Archived'];

/** A stage in whatever case. @throws {InvalidInput} */
export function toStage(text: string): Stage {
  const stage = STAGES.find(s => s.toLowerCase() === text.toLowerCase());
  if (!stage) {
    throw new InvalidInput('invalid_stage', `Invalid Model Version stage: ${text}. Value must be one of ${STAGES.join(', ')}.`);
  }
  return stage;
}
