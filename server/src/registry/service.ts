import type { DeclaredGates, EditModelVersion, GateEvaluation, ModelGates, VersionChange } from '@slipway/schema';
import type { Artifacts } from '../artifacts';
import type { Caller } from '../core/endpoint-router';
import { Conflict, InvalidInput, NotFound } from '../core/errors';
import type { Db, Tx } from '../database';
import { modelUri, type Lineage } from '../lineage';
import type { Tracking } from '../tracking';
import { createChanges } from './changes';
import { editVersion } from './edit';
import { createGatekeeper } from './gatekeeper';
import { createGates, createLatencies, isRefused, refusal, type Occasion } from './gates';
import { historyOf } from './history';
import { describeForLineage, linkVersion } from './lineage-links';
import { CHAMPION, PROMPT_TAG, checkAlias, checkModelName, toStage, toVersion } from './names';
import { createRegistryNews, type News } from './news';
import { checkRemoval, checkRemovalOfVersion } from './removal';
import { storageFolder } from './source';
import * as store from './store';
import type { ModelVersionRow, RegisteredModelRow } from './tables';
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
  /** Refused where the model asks for a signature and there is none. A pipeline's run is over by then: its version is registered, and fails that gate. */
  mustHaveSignature?: boolean;
}
/** Registered models, their versions and aliases. */
export function createRegistry(deps: { db: Db; events: News; tracking: Tracking; artifacts: Artifacts; lineage: Lineage }) {
  const { db, tracking, lineage } = deps;
  const news = createRegistryNews(deps.events);
  const changes = createChanges(news);
  const gates = createGates({ artifacts: deps.artifacts, tracking, news });
  const gatekeeper = createGatekeeper({ gates, changes });
  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.transaction().execute(work);

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
    if (input.mustHaveSignature) {
      await gates.checkSignature(tx, model.name, folder);
    }
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
    await changes.registered(tx, version, input.tags ?? {});
    await gates.evaluate(tx, version, { trigger: 'registered', by: version.user_id });
    return version;
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
    /** @throws {Conflict} `model_exists`; {Forbidden} `gates_declared` */
    async rename(name: string, newName: string, caller: Caller): Promise<ModelView> {
      checkModelName(newName);
      await inTx(async tx => {
        await find(tx, name);
        await checkRemoval(tx, name, caller, 'renaming it');
        if (name !== newName && (await store.findModel(tx, newName))) {
          throw new Conflict('model_exists', `Registered Model (name=${newName}) already exists.`);
        }
        await store.updateModel(tx, name, { name: newName }, Date.now());
        await lineage.rename(tx, modelUri(name, ''), modelUri(newName, ''));
        await news.changed(tx, newName, { type: 'registered_model.renamed', data: { name: newName, from: name, by: caller.id } });
      });
      return (await view([await find(db, newName)]))[0]!;
    },
    async describe(name: string, description: string): Promise<ModelView> {
      await inTx(async tx => {
        await find(tx, name);
        await store.updateModel(tx, name, { description }, Date.now());
        await news.changed(tx, name, { type: 'registered_model.described', data: { name, description } });
      });
      return (await view([await find(db, name)]))[0]!;
    },
    /** @throws {Forbidden} `gates_declared` */
    async remove(name: string, caller: Caller): Promise<void> {
      await inTx(async tx => {
        await find(tx, name);
        await checkRemoval(tx, name, caller, 'deleting it');
        await store.deleteModel(tx, name);
        await news.changed(tx, name, { type: 'registered_model.deleted', data: { name, by: caller.id } });
      });
    },
    describeVersion: (name: string, version: string, description: string, by: string): Promise<void> => inTx(async tx => changes.describe(tx, await findVersion(tx, name, version), description, by)),
    editVersion: (name: string, version: string, change: EditModelVersion, by: string): Promise<void> => inTx(async tx => editVersion(tx, changes, await findVersion(tx, name, version), change, by)),
    /** @throws {Forbidden} `gates_declared` where it is champion */
    async removeVersion(name: string, version: string, caller: Caller): Promise<void> {
      await inTx(async tx => {
        const row = await findVersion(tx, name, version);
        await checkRemovalOfVersion(tx, name, row.version, caller);
        await store.deleteVersion(tx, name, row.version);
        await news.changed(tx, name, { type: 'model_version.deleted', data: { name, version: String(row.version), by: caller.id } });
      });
    },
    /** @throws {Conflict} `gates_failed`, `gates_pending`, `approval_required` where the version may not enter Production */
    async transition(name: string, version: string, stage: string, options: { archiveExisting: boolean; by: string }): Promise<void> {
      const to = toStage(stage);
      const archiveOthers = options.archiveExisting && (to === 'Staging' || to === 'Production');
      const evaluation = await inTx(async tx => gatekeeper.moveStage(tx, await findVersion(tx, name, version), to, { by: options.by, archiveOthers }));
      if (isRefused(evaluation)) {
        throw refusal(evaluation);
      }
    },
    async history(name: string, version: string, page: { limit: number; cursor?: string }): Promise<{ items: VersionChange[]; nextCursor?: string }> {
      return historyOf(db, name, (await findVersion(db, name, version)).version, page);
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
    /** null takes the tag away. */
    tagVersion: (name: string, version: string, key: string, value: string | null, by: string): Promise<void> => inTx(async tx => changes.tag(tx, await findVersion(tx, name, version), key, value, by)),
    /** @throws {Conflict} `gates_failed`, `gates_pending`, `approval_required` where the version may not be champion; the evidence is kept all the same */
    async setAlias(name: string, alias: string, version: string, why: Omit<Occasion, 'trigger'>): Promise<void> {
      checkAlias(alias);
      const evaluation = await inTx(async tx => gatekeeper.moveAlias(tx, alias, await findVersion(tx, name, version), { ...why, trigger: 'alias' }));
      if (isRefused(evaluation)) {
        throw refusal(evaluation);
      }
    },
    /** @throws {Conflict} `not_undoable`, `approval_required` */
    async giveAliasBack(name: string, alias: string, version: string, by: string): Promise<void> {
      await inTx(async tx => gatekeeper.giveBack(tx, alias, await findVersion(tx, name, version), by));
    },
    moveAlias: gatekeeper.moveAlias,
    holderIn: store.aliasHolder,
    latency: createLatencies({ db, gates, news }),
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
    /** @throws {Forbidden} `gates_declared` where it is `champion` */
    async deleteAlias(name: string, alias: string, caller: Caller): Promise<void> {
      await inTx(async tx => {
        await find(tx, name);
        if (alias === CHAMPION) {
          await checkRemoval(tx, name, caller, `taking its @${CHAMPION} away`);
        }
        await changes.removeAlias(tx, name, alias, caller.id);
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

function missing(message: string, code: string): never {
  throw new NotFound(code, message);
}
