import type { Tx } from '../database';
import type { Events, NewEvent } from '../events';
import { PROMPT_TAG } from './names';
import * as store from './store';
import type { ModelVersionRow } from './tables';

/** Where a change tells of itself, inside its transaction. */
export type News = Pick<Events, 'append'>;
type Tags = Record<string, string>;

/** Tags that say what a prompt is; MLflow leaves them out of its webhooks. */
const PROMPT_TAGS = new Set([PROMPT_TAG, '_mlflow_prompt_type', 'mlflow.prompt.text']);

/** The registry's changes as events: `model.changed` for pages, and MLflow's own with its webhooks' payloads (mlflow/webhooks/types.py). */
export function createRegistryNews(news: News) {
  const tell = (tx: Tx, name: string, ...more: Omit<NewEvent, 'subject'>[]): Promise<void> => news.append(tx, [{ type: 'model.changed', subject: name }, ...more.map(e => ({ ...e, subject: name }))]);
  const isPrompt = async (tx: Tx, name: string): Promise<boolean> => isPromptBy(Object.fromEntries((await store.modelTags(tx, [name])).map(t => [t.key, t.value])));

  return {
    /** Something that MLflow has no event for. */
    changed: (tx: Tx, name: string, ...more: Omit<NewEvent, 'subject'>[]): Promise<void> => tell(tx, name, ...more),
    modelCreated: (tx: Tx, name: string, description: string, tags: Tags): Promise<void> =>
      tell(tx, name, { type: isPromptBy(tags) ? 'prompt.created' : 'registered_model.created', data: { name, tags: shown(tags), description } }),
    versionCreated(tx: Tx, row: ModelVersionRow, tags: Tags): Promise<void> {
      const common = { name: row.model_name, version: String(row.version), tags: shown(tags), description: row.description || null };
      return tell(
        tx,
        row.model_name,
        isPromptBy(tags)
          ? { type: 'prompt_version.created', data: { ...common, template: tags['mlflow.prompt.text'] ?? null } }
          : { type: 'model_version.created', data: { ...common, source: row.source, run_id: row.run_id } }
      );
    },
    /** A tag of a model; MLflow itself tells of prompts’ only. null took it away. */
    async modelTag(tx: Tx, name: string, key: string, value: string | null): Promise<void> {
      await tell(tx, name, tagged((await isPrompt(tx, name)) ? 'prompt_tag' : 'registered_model_tag', { name, key }, value));
    },
    async versionTag(tx: Tx, name: string, version: number, key: string, value: string | null): Promise<void> {
      await tell(tx, name, tagged((await isPrompt(tx, name)) ? 'prompt_version_tag' : 'model_version_tag', { name, version: String(version), key }, value));
    },
    async alias(tx: Tx, name: string, alias: string, version: number | null): Promise<void> {
      const entity = (await isPrompt(tx, name)) ? 'prompt_alias' : 'model_version_alias';
      await tell(tx, name, version === null ? { type: `${entity}.deleted`, data: { name, alias } } : { type: `${entity}.created`, data: { name, alias, version: String(version) } });
    }
  };
}

const isPromptBy = (tags: Tags): boolean => tags[PROMPT_TAG]?.toLowerCase() === 'true';

function shown(tags: Tags): Tags {
  return isPromptBy(tags) ? Object.fromEntries(Object.entries(tags).filter(([key]) => !PROMPT_TAGS.has(key))) : tags;
}

function tagged(entity: 'prompt_tag' | 'prompt_version_tag' | 'registered_model_tag' | 'model_version_tag', of: object, value: string | null): Omit<NewEvent, 'subject'> {
  return value === null ? { type: `${entity}.deleted`, data: { ...of } } : { type: `${entity}.set`, data: { ...of, value } };
}
