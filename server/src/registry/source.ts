import { checkedPath } from '../artifacts';
import { InvalidInput } from '../core/errors';
import type { Db } from '../database';
import { artifactRoot, type Tracking } from '../tracking';
import { findVersion } from './store';

/** Stores that MLflow's client reads by itself; their files are not among our artifacts. */
const OUTSIDE = new Set(['s3', 'gs', 'r2', 'b2', 'abfs', 'abfss', 'wasb', 'wasbs', 'hdfs', 'viewfs', 'dbfs']);
interface Owner {
  runId: string | null;
  modelId: string | null;
}

/**
 * Folder of a version's files among the artifacts, from the source it was
 * registered with: `runs:/ID/path`, `models:/m-ID`, `models:/NAME/VERSION` (a
 * copy), or `mlflow-artifacts:/…` inside its own run or model. null for an
 * object store outside.
 *
 * @throws {InvalidInput} `invalid_source` for local paths, other schemes and other runs' artifacts
 */
export async function storageFolder(db: Db, tracking: Tracking, source: string, owner: Owner): Promise<string | null> {
  const [, scheme, rest] = /^([a-z0-9-]+):\/*(.*)$/s.exec(source) ?? bad(source);
  if (OUTSIDE.has(scheme!)) {
    checkedPath(rest!.replace(/\/+$/, ''));
    return null;
  }
  switch (scheme) {
    case 'runs': {
      const [runId, ...path] = rest!.split('/');
      const run = (await tracking.getRun(db, runId!)) ?? bad(source);
      return below(run.artifact_uri, path.join('/'));
    }
    case 'models':
      return rest!.startsWith('m-') && !rest!.includes('/') ? below(await locationOf(db, tracking, rest!), '') : folderOfVersion(db, source, rest!);
    case 'mlflow-artifacts':
      return insideOwner(db, tracking, source, checkedPath(rest!.replace(/\/+$/, '')), owner);
    default:
      return bad(source);
  }
}

function below(root: string, path: string): string | null {
  return root.startsWith('mlflow-artifacts:') ? [artifactRoot({ artifact_uri: root }), path && checkedPath(path)].filter(Boolean).join('/') : null;
}

async function folderOfVersion(db: Db, source: string, rest: string): Promise<string | null> {
  const [, name, version] = /^([^/]+)\/([1-9]\d{0,8})$/.exec(rest) ?? bad(source);
  return ((await findVersion(db, name!, Number(version))) ?? bad(source)).storage_folder;
}

async function insideOwner(db: Db, tracking: Tracking, source: string, folder: string, owner: Owner): Promise<string> {
  const run = owner.runId === null ? undefined : await tracking.getRun(db, owner.runId);
  const modelId = owner.modelId ?? /\/models\/(m-[0-9a-f]+)\/artifacts/.exec(folder)?.[1];
  const locations = [run?.artifact_uri, modelId && (await locationOf(db, tracking, modelId))];
  const roots = locations.map(location => location && below(location, ''));
  return roots.some(root => root && (folder === root || folder.startsWith(`${root}/`))) ? folder : bad(source);
}

async function locationOf(db: Db, tracking: Tracking, modelId: string): Promise<string> {
  return (await tracking.loggedModels.get(modelId, db)).row.artifact_location;
}

function bad(source: string): never {
  throw new InvalidInput('invalid_source', `Invalid model version source: '${source}'. It must lie inside the artifacts of its run or logged model (runs:/…, models:/m-…, mlflow-artifacts:/…), be another version (models:/name/1), or stand in an object store.`);
}
