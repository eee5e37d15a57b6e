import type { Experiment } from '../experiments';
import type { LoggedModelView } from '../logged-models';
import type { RunView } from '../run-view';
import type { RunRow } from '../tables';
import { int8 } from './wire';

export function toExperiment(e: Experiment) {
  return {
    experiment_id: e.id,
    name: e.name,
    artifact_location: e.artifact_location,
    lifecycle_stage: e.lifecycle_stage,
    last_update_time: int8(e.last_update_time),
    creation_time: int8(e.creation_time),
    tags: e.tags
  };
}

export function toRunInfo(row: RunRow) {
  return {
    run_id: row.id,
    run_uuid: row.id,
    run_name: row.name,
    experiment_id: row.experiment_id,
    user_id: row.user_id,
    status: row.status,
    start_time: int8(row.start_time),
    ...(row.end_time !== null && { end_time: int8(row.end_time) }),
    artifact_uri: row.artifact_uri,
    lifecycle_stage: row.lifecycle_stage
  };
}

export function toRun(view: RunView) {
  return {
    info: toRunInfo(view.row),
    data: {
      metrics: view.metrics.map(m => ({ key: m.key, value: m.value, timestamp: int8(m.timestamp), step: int8(m.step) })),
      params: view.params,
      tags: view.tags
    },
    inputs: {
      dataset_inputs: view.datasets.map(({ dataset: d, tags }) => ({
        tags,
        dataset: { name: d.name, digest: d.digest, source_type: d.source_type, source: d.source, ...(d.schema !== null && { schema: d.schema }), ...(d.profile !== null && { profile: d.profile }) }
      })),
      model_inputs: view.inputModels.map(model_id => ({ model_id }))
    },
    outputs: { model_outputs: view.outputModels.map(o => ({ model_id: o.modelId, step: int8(o.step) })) }
  };
}

export function toLoggedModel({ row, metrics }: LoggedModelView) {
  return {
    info: {
      model_id: row.id,
      experiment_id: row.experiment_id,
      name: row.name,
      creation_timestamp_ms: int8(row.creation_time),
      last_updated_timestamp_ms: int8(row.last_update_time),
      artifact_uri: row.artifact_location,
      status: row.status,
      ...(row.model_type !== null && { model_type: row.model_type }),
      ...(row.source_run_id !== null && { source_run_id: row.source_run_id }),
      tags: pairs(row.tags)
    },
    data: {
      params: pairs(row.params),
      metrics: metrics.map(m => ({ key: m.key, value: m.value, timestamp: int8(m.timestamp), step: int8(m.step), model_id: row.id, run_id: m.run_id, ...(m.dataset_name !== null && { dataset_name: m.dataset_name, dataset_digest: m.dataset_digest }) }))
    }
  };
}

function pairs(record: Record<string, string>): { key: string; value: string }[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}
