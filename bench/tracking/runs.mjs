import { withClient } from './servers.mjs';

const METRICS = 4;
const PARAMS = 5;

/** Fills an experiment with runs of four metrics and five params each, by SQL: the search is measured, not the way in. */
export function fillOurs(postgres, runs) {
  return withClient({ ...postgres, database: 'slipway' }, async client => {
    const { rows } = await client.query(`insert into experiment (name, artifact_location, creation_time, last_update_time) values ('many', 'mlflow-artifacts:/many', 1, 1) returning id`);
    const experimentId = String(rows[0].id);
    await client.query(
      `insert into run (id, experiment_id, name, user_id, status, start_time, end_time, artifact_uri)
       select md5(i::text), $1::int8, 'run-' || i, 'bench', 'FINISHED', i, i + 1, 'mlflow-artifacts:/many/' || i from generate_series(1, $2::int) i`,
      [experimentId, runs]
    );
    await client.query(`insert into latest_metric (run_id, key, step, timestamp, value) select md5(i::text), (array['acc', 'loss', 'f1', 'auc'])[k], 0, 1, ((i::int8 * 7919 * k) % 1000) / 1000.0 from generate_series(1, $1::int) i, generate_series(1, ${METRICS}) k`, [runs]);
    await client.query(`insert into run_param (run_id, key, value) select md5(i::text), (array['depth', 'lr', 'seed', 'model', 'size'])[k], ((i / k) % 7)::text from generate_series(1, $1::int) i, generate_series(1, ${PARAMS}) k`, [runs]);
    await client.query('analyze');
    return { experimentId, runs };
  });
}

/** The same in MLflow's tables. */
export function fillTheirs(postgres, runs) {
  return withClient({ ...postgres, database: 'mlflow' }, async client => {
    const { rows } = await client.query(`insert into experiments (name, artifact_location, lifecycle_stage, creation_time, last_update_time, workspace) values ('many', 'mlflow-artifacts:/many', 'active', 1, 1, 'default') returning experiment_id`);
    const experimentId = String(rows[0].experiment_id);
    await client.query(
      `insert into runs (run_uuid, experiment_id, name, user_id, status, start_time, end_time, artifact_uri, lifecycle_stage, source_type, source_name, entry_point_name, source_version)
       select md5(i::text), $1::int, 'run-' || i, 'bench', 'FINISHED', i, i + 1, 'mlflow-artifacts:/many/' || i, 'active', 'UNKNOWN', '', '', '' from generate_series(1, $2::int) i`,
      [experimentId, runs]
    );
    await client.query(`insert into latest_metrics (run_uuid, key, step, timestamp, value, is_nan) select md5(i::text), (array['acc', 'loss', 'f1', 'auc'])[k], 0, 1, ((i::int8 * 7919 * k) % 1000) / 1000.0, false from generate_series(1, $1::int) i, generate_series(1, ${METRICS}) k`, [runs]);
    await client.query(`insert into params (run_uuid, key, value) select md5(i::text), (array['depth', 'lr', 'seed', 'model', 'size'])[k], ((i / k) % 7)::text from generate_series(1, $1::int) i, generate_series(1, ${PARAMS}) k`, [runs]);
    await client.query('analyze');
    return { experimentId, runs };
  });
}
