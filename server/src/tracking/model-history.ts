import { sql } from 'kysely';
import { InvalidInput } from '../core/errors';
import type { Tx } from '../database';
import { LIMITS } from './limits';
import type { Runs } from './runs';

/** The tag in which a run remembers the models logged to it: a JSON list. */
const HISTORY = 'mlflow.log-model.history';
const REQUIRED = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'];

/** Adds a model (the JSON of its MLmodel) to the run's history; the oldest go where the tag would grow too long. */
export async function recordModel(tx: Tx, runs: Runs, runId: string, modelJson: string): Promise<void> {
  const entry = entryOf(modelJson);
  await runs.findActive(tx, runId);
  // Two models logged at once both stay: the second waits here for the first.
  await sql`select from run where id = ${runId} for update`.execute(tx);
  const known = await tx.selectFrom('run_tag').select('value').where('run_id', '=', runId).where('key', '=', HISTORY).executeTakeFirst();
  const history = [...listOf(known?.value), entry];
  while (history.length > 1 && JSON.stringify(history).length > LIMITS.tag) {
    history.shift();
  }
  await runs.log(tx, runId, { tags: [{ key: HISTORY, value: JSON.stringify(history) }] });
}

/** What MLflow keeps of a model. @throws {InvalidInput} `invalid_model` */
function entryOf(modelJson: string): object {
  let model: Record<string, unknown>;
  try {
    model = JSON.parse(modelJson) as Record<string, unknown>;
  } catch (cause) {
    throw new InvalidInput('invalid_model', 'Malformed model info: it is not valid JSON.', { cause });
  }
  const missing = REQUIRED.filter(key => model?.[key] === undefined);
  if (missing.length > 0) {
    throw new InvalidInput('invalid_model', `Model json is missing mandatory fields: ${missing.join(', ')}`);
  }
  const flavors = Object.entries(model.flavors as Record<string, unknown>).map(([name, flavor]) => {
    const { config: _, ...rest } = typeof flavor === 'object' && flavor !== null ? (flavor as Record<string, unknown>) : {};
    return [name, rest];
  });
  return { run_id: model.run_id, artifact_path: model.artifact_path, utc_time_created: model.utc_time_created, ...(model.model_uuid !== undefined && { model_uuid: model.model_uuid }), flavors: Object.fromEntries(flavors) as object };
}

function listOf(value: string | undefined): unknown[] {
  try {
    const list: unknown = JSON.parse(value ?? '[]');
    return Array.isArray(list) ? list : [];
  } catch {
    return []; // a client may set the tag itself, to anything
  }
}
