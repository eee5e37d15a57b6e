import type { DeclaredGates, EditModelVersion, GateEvaluation, ModelGates } from '@slipway/schema';
import type { Artifacts } from '../artifacts';
import { Conflict, InvalidInput, NotFound } from '../core/errors';
import type { Db, Tx } from '../database';
import { modelUri, type Lineage } from '../lineage';
import type { Tracking } from '../tracking';
import { editVersion } from './edit';
import { createGates, isRefused, refusal, type Occasion } from './gates';
import { describeForLineage, linkVersion } from './lineage-links';
import { CHAMPION, PROMPT_TAG, checkAlias, checkModelName, toStage, toVersion } from './names';
import { createRegistryNews, type News } from './news';
import { storageFolder } from './source';
import * as store from './store';
import type { ModelVersionRow, RegisteredModelRow, Stage } from './tables';
import { viewModels, viewVersions, type ModelView, type VersionView } from './views';

export type Registry = ReturnType<typeof createRegistry>;
export interface NewVersion {
  name: string;
  source: string;
  runId?: string | null;
  runLink?: string | null;
  modelId?: string | null;
  description?: string;
  userId?: string;
  tags?: Record<string, string>;
}
/** Registered models, their versions and aliases. */
export function createRegistry(deps: { db: Db; events: News; tracking: Tracking; artifacts: Artifacts; lineage: Lineage }) {
  const { db, tracking, lineage } = deps;
  const news = createRegistryNews(deps.events);
  const gates = createGates({ artifacts: deps.artifacts, tracking, news });
  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.transaction().execute(work);
  const changed = (tx: Tx, name: string): Promise<void> => news.changed(tx, name);

  async function find(from: Db, name: string): Promise<RegisteredModelRow> {
    return (await store.findModel(from, name)) ?? missing(`Registered Model with name=${name} not found`, 'no_such_model');
  }
  async function findVersion(from: Db, name: string, version: string): Promise<ModelVersionRow> {
    return (await store.findVersion(from, name, toVersion(version))) ?? missing(`Model Version (name=${name}, version=${version}) not found`, 'no_such_version');
  }
  const view = (rows: readonly RegisteredModelRow[]): Promise<ModelView[]> => viewModels(db, rows);

  /** The run and logged model behind a version: MLflow 3's client names only `models:/m-…`. */
  async function ownerOf(tx: Tx, input: NewVersion): Promise<{ runId: string | null; modelId: string | null }> {
    const modelId = input.modelId ?? /^models:\/+(m-[0-9a-f]+)$/.exec(input.source)?.[1] ?? null;
    const [, copied, version] = /^models:\/+([^/]+)\/(\d+)$/.exec(input.source) ?? [];
    const original = copied === undefined ? null : await findVersion(tx, copied, version!);
    const runId = input.runId ?? original?.run_id ?? (modelId === null ? null : (await tracking.loggedModels.get(modelId, tx)).row.source_run_id);
    return { runId, modelId: modelId ?? original?.model_id ?? null };
  }

  /** A new version of a model that is there. */
  async function addVersion(tx: Tx, input: NewVersion): Promise<ModelVersionRow> {
    const model = (await store.lockModel(tx, input.name)) ?? missing(`Registered Model with name=${input.name} not found`, 'no_such_model');
    const owner = await ownerOf(tx, input);
    // A prompt's text is in its tags; the source is a dummy.
    const folder = input.tags?.[PROMPT_TAG] === 'true' ? null : await storageFolder(tx, tracking, input.source, owner);
    const now = Date.now();
    const version = await store.insertVersion(tx, {
      model_name: model.name,
      version: await store.nextVersion(tx, model.name),
      description: input.description ?? '',
      user_id: input.userId ?? 'owner',
      source: input.source,
      storage_folder: folder,
      run_id: owner.runId,
      run_link: input.runLink ?? null,
      model_id: owner.modelId,
      creation_time: now,
      last_update_time: now
    });
    for (const [key, value] of Object.entries(input.tags ?? {})) {
      await store.setVersionTag(tx, model.name, version.version, key, value);
    }
    await store.updateModel(tx, model.name, {}, now);
    await linkVersion(tx, lineage, version);
    await news.versionCreated(tx, version, input.tags ?? {});
    await gates.evaluate(tx, version, { trigger: 'registered', by: version.user_id });
    return version;
  }

  /**
   * Points an alias at a version inside the caller's transaction, unless that
   * is `champion` and the version fails its gates: then the alias stays, and the
   * evaluation says why.
   */
  async function moveAlias(tx: Tx, alias: string, row: ModelVersionRow, why: Occasion): Promise<GateEvaluation | null> {
    const name = row.model_name;
    await store.lockModel(tx, name); // one champion after the other: each is compared with the one before
    const isThere = (await store.aliases(tx, [name])).some(a => a.alias === alias && a.version === row.version);
    const evaluation = alias === CHAMPION && !isThere ? await gates.evaluate(tx, row, why) : null;
    if (!isRefused(evaluation)) {
      await store.setAlias(tx, name, alias, row.version);
      await news.alias(tx, name, alias, row.version);
    }
    return evaluation;
  }

  return {
    async get(name: string): Promise<ModelView> {
      return (await view([await find(db, name)]))[0]!;
    },
    /** What people call model versions. */
    describeUris: (uris: readonly string[]) => describeForLineage(db, uris),
    async list(): Promise<ModelView[]> {
      return view(await store.listModels(db, PROMPT_TAG));
    },
    view,
    viewVersions: (rows: readonly ModelVersionRow[]): Promise<VersionView[]> => viewVersions(db, rows),
    async version(name: string, version: string): Promise<VersionView> {
      return (await viewVersions(db, [await findVersion(db, name, version)]))[0]!;
    },
    async versions(name: string): Promise<VersionView[]> {
      return viewVersions(db, await store.versionsOf(db, (await find(db, name)).name));
    },
    /** @throws {Conflict} `model_exists` */
    async create(input: { name: string; description: string; tags: { key: string; value: string }[] }): Promise<ModelView> {
      checkModelName(input.name);
      await inTx(async tx => {
        if (!(await store.insertModel(tx, input.name, input.description, Date.now()))) {
          throw new Conflict('model_exists', `Registered Model (name=${input.name}) already exists.`);
        }
        for (const { key, value } of input.tags) {
          await store.setModelTag(tx, input.name, key, value);
        }
        await news.modelCreated(tx, input.name, input.description, Object.fromEntries(input.tags.map(t => [t.key, t.value])));
      });
      return (await view([await find(db, input.name)]))[0]!;
    },
    /** Registers a version inside the caller's transaction; the model is made where it is missing. */
    async registerVersion(tx: Tx, input: NewVersion): Promise<{ name: string; version: string }> {
      checkModelName(input.name);
      if (await store.insertModel(tx, input.name, '', Date.now())) {
        await news.modelCreated(tx, input.name, '', {});
      }
      const row = await addVersion(tx, input);
      return { name: row.model_name, version: String(row.version) };
    },
    createVersion: (input: NewVersion): Promise<VersionView> => inTx(async tx => ({ row: await addVersion(tx, input), tags: Object.entries(input.tags ?? {}).map(([key, value]) => ({ key, value })), aliases: [] })),
    async rename(name: string, newName: string): Promise<ModelView> {
      checkModelName(newName);
      await inTx(async tx => {
        await find(tx, name);
        if (name !== newName && (await store.findModel(tx, newName))) {
          throw new Conflict('model_exists', `Registered Model (name=${newName}) already exists.`);
        }
        await store.updateModel(tx, name, { name: newName }, Date.now());
        await lineage.rename(tx, modelUri(name, ''), modelUri(newName, ''));
        await changed(tx, newName);
      });
      return (await view([await find(db, newName)]))[0]!;
    },
    async describe(name: string, description: string): Promise<ModelView> {
      await find(db, name);
      await store.updateModel(db, name, { description }, Date.now());
      return (await view([await find(db, name)]))[0]!;
    },
    async remove(name: string): Promise<void> {
      await inTx(async tx => {
        await find(tx, name);
        await store.deleteModel(tx, name);
        await changed(tx, name);
      });
    },
    async describeVersion(name: string, version: string, description: string): Promise<void> {
      const row = await findVersion(db, name, version);
      await store.updateVersion(db, name, row.version, { description });
    },
    editVersion: (name: string, version: string, change: EditModelVersion): Promise<void> => inTx(async tx => editVersion(tx, news, await findVersion(tx, name, version), change)),
    async removeVersion(name: string, version: string): Promise<void> {
      await inTx(async tx => {
        const row = await findVersion(tx, name, version);
        await store.deleteVersion(tx, name, row.version);
        await changed(tx, name);
      });
    },
    async transition(name: string, version: string, stage: string, archiveExisting: boolean): Promise<void> {
      const to = toStage(stage);
      await inTx(async tx => {
        const row = await findVersion(tx, name, version);
        if (archiveExisting && (to === 'Staging' || to === 'Production')) {
          await archiveOthers(tx, name, row.version, to);
        }
        await store.updateVersion(tx, name, row.version, { current_stage: to });
        await changed(tx, name);
      });
    },
    async setTag(name: string, key: string, value: string): Promise<void> {
      await inTx(async tx => {
        await store.setModelTag(tx, (await find(tx, name)).name, key, value);
        await news.modelTag(tx, name, key, value);
      });
    },
    async deleteTag(name: string, key: string): Promise<void> {
      await inTx(async tx => {
        await store.deleteModelTag(tx, (await find(tx, name)).name, key);
        await news.modelTag(tx, name, key, null);
      });
    },
    async setVersionTag(name: string, version: string, key: string, value: string): Promise<void> {
      await inTx(async tx => {
        const row = await findVersion(tx, name, version);
        await store.setVersionTag(tx, name, row.version, key, value);
        await news.versionTag(tx, name, row.version, key, value);
      });
    },
    async deleteVersionTag(name: string, version: string, key: string): Promise<void> {
      await inTx(async tx => {
        const row = await findVersion(tx, name, version);
        await store.deleteVersionTag(tx, name, row.version, key);
        await news.versionTag(tx, name, row.version, key, null);
      });
    },
    /** @throws {Conflict} `gates_failed` where the version may not be champion; the evidence is kept all the same */
    async setAlias(name: string, alias: string, version: string, why: Omit<Occasion, 'trigger'>): Promise<void> {
      checkAlias(alias);
      const evaluation = await inTx(async tx => moveAlias(tx, alias, await findVersion(tx, name, version), { ...why, trigger: 'alias' }));
      if (isRefused(evaluation)) {
        throw refusal(evaluation);
      }
    },
    moveAlias,
    /** The same as `version` and `gates`, inside the caller's transaction. */
    versionIn: findVersion,
    gatesIn: gates.declared,
    /** Holds the gates against a version inside the caller's transaction. */
    evaluateIn: gates.evaluate,
    evaluation: (id: string): Promise<GateEvaluation | null> => gates.evaluation(db, id),
    async gates(name: string): Promise<DeclaredGates> {
      return gates.declared(db, (await find(db, name)).name);
    },
    async declareGates(name: string, rules: ModelGates, by: string): Promise<DeclaredGates> {
      await inTx(async tx => gates.declare(tx, (await find(tx, name)).name, rules, by));
      return gates.declared(db, name);
    },
    /** @throws {Conflict} `no_gates` where the model declares none */
    async evaluateGates(name: string, version: string, by: string): Promise<GateEvaluation> {
      const evaluation = await inTx(async tx => gates.evaluate(tx, await findVersion(tx, name, version), { trigger: 'asked', by }));
      if (!evaluation) {
        throw new Conflict('no_gates', `The model ${name} declares no gates.`);
      }
      return evaluation;
    },
    async gateEvaluations(name: string, version: string, page: { limit: number; cursor?: string }): Promise<{ items: GateEvaluation[]; nextCursor?: string }> {
      return gates.history(db, name, (await findVersion(db, name, version)).version, page);
    },
    latestEvaluations: (name: string, versions: readonly number[]): Promise<ReadonlyMap<number, GateEvaluation>> => gates.latest(db, name, versions),
    async deleteAlias(name: string, alias: string): Promise<void> {
      await inTx(async tx => {
        await store.deleteAlias(tx, (await find(tx, name)).name, alias);
        await news.alias(tx, name, alias, null);
      });
    },
    /** @throws {InvalidInput} `no_such_alias`: MLflow answers 400 here */
    async byAlias(name: string, alias: string): Promise<VersionView> {
      await find(db, name);
      const found = (await store.aliases(db, [name])).find(a => a.alias === alias);
      if (!found) {
        throw new InvalidInput('no_such_alias', `Registered model alias ${alias} not found.`);
      }
      return (await viewVersions(db, [await findVersion(db, name, String(found.version))]))[0]!;
    },
    /**
     * A version by number, `latest` or `@alias`, with the folder of its files among the artifacts.
     *
     * @throws {NotFound} `no_such_model`, `no_such_version`, `no_such_alias`
     */
    async resolve(name: string, which: string): Promise<{ name: string; version: string; source: string; runId: string | null; folder: string | null }> {
      await find(db, name);
      const row = await resolveRow(db, name, which, findVersion);
      return { name, version: String(row.version), source: row.source, runId: row.run_id, folder: row.storage_folder };
    }
  };
}

async function resolveRow(db: Db, name: string, which: string, findVersion: (db: Db, name: string, version: string) => Promise<ModelVersionRow>): Promise<ModelVersionRow> {
  if (which === 'latest') {
    return (await store.versionsOf(db, name))[0] ?? missing(`The model ${name} has no version yet.`, 'no_such_version');
  }
  if (which.startsWith('@')) {
    const alias = (await store.aliases(db, [name])).find(a => a.alias === which.slice(1));
    return alias ? findVersion(db, name, String(alias.version)) : missing(`The model ${name} has no alias ${which}.`, 'no_such_alias');
  }
  return /^[1-9]\d{0,8}$/.test(which) ? findVersion(db, name, which) : missing(`The model ${name} has no version '${which}'. Give a number, @alias or latest.`, 'no_such_version');
}

async function archiveOthers(tx: Tx, name: string, version: number, stage: Stage): Promise<void> {
  for (const other of await store.versionsOf(tx, name)) {
    if (other.version !== version && other.current_stage === stage) {
      await store.updateVersion(tx, name, other.version, { current_stage: 'Archived' });
    }
  }
}

function missing(message: string, code: string): never {
  throw new NotFound(code, message);
}
