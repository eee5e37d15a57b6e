import { withClient } from './servers.mjs';

const METRICS = 4;
const PARAMS = 5;

/** Fills an experiment with runs of four metrics and five params each, by SQL: the search is measured, not the way in. */
export function fillOurs(postgres, runs) {
  return withClient({ ...postgres, database: 'slipway' }, async client => {
    const { rows } = await client.query(`insert into experiment (name, artifact_location, creation_time, last_update_time) values ('many', 'mlflow-artifacts:/many', 1, 1) returning id`);
    const experimentId = String(rows[0].id);
    // Nine million rows one by one through every index and reference would take most of an hour.
    await client.query('set session_replication_role = replica');
    const indexes = await client.query(`select indexname, indexdef from pg_indexes where indexname in ('latest_metric_key_value', 'run_param_key_value')`);
    await client.query(`drop index ${indexes.rows.map(index => index.indexname).join(', ')}`);
    await client.query(
      `insert into run (id, experiment_id, name, user_id, status, start_time, end_time, artifact_uri)
       select id, $1::int8, 'run-' || i, 'bench', 'FINISHED', i, i + 1, 'mlflow-artifacts:/many/' || i from ${numbered} order by id`,
      [experimentId, runs]
    );
    await client.query(`insert into latest_metric (run_id, key, step, timestamp, value) select id, (array['acc', 'loss', 'f1', 'auc'])[k], 0, 1, ((i::int8 * 7919 * k) % 1000) / 1000.0 from ${numbered.replace('$2', '$1')}, generate_series(1, ${METRICS}) k order by id`, [runs]);
    await client.query(`insert into run_param (run_id, key, value) select id, (array['depth', 'lr', 'seed', 'model', 'size'])[k], ((i / k) % 7)::text from ${numbered.replace('$2', '$1')}, generate_series(1, ${PARAMS}) k order by id`, [runs]);
    for (const index of indexes.rows) {
      await client.query(index.indexdef);
    }
    await client.query('vacuum analyze');
    return { experimentId, runs };
  });
}

/** Run numbers and their ids. */
const numbered = '(select i, md5(i::text) as id from generate_series(1, $2::int) i) n';

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
