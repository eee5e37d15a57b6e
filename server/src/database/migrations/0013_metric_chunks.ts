import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- What was logged of one metric at once: the i-th step, timestamp and value are one point.
    create table metric_chunk (
      run_id text not null references run on delete cascade,
      key text not null,
      model_id text, dataset_name text, dataset_digest text,
      steps bigint[] not null, timestamps bigint[] not null, "values" double precision[] not null,
      check (cardinality(steps) > 0 and cardinality(steps) = cardinality(timestamps) and cardinality(steps) = cardinality("values"))
    )`.execute(db);
  // Compressing numbers takes longer than all the rest of writing them.
  await sql`alter table metric_chunk alter steps set storage external, alter timestamps set storage external, alter "values" set storage external`.execute(db);
  await sql`
    insert into metric_chunk (run_id, key, model_id, dataset_name, dataset_digest, steps, timestamps, "values")
    select run_id, key, model_id, dataset_name, dataset_digest, array_agg(step order by timestamp, step, value), array_agg(timestamp order by timestamp, step, value), array_agg(value order by timestamp, step, value)
    from (select m.*, (row_number() over (partition by run_id, key order by timestamp, step, value) - 1) / 1000 as chunk from metric m) m
    group by run_id, key, model_id, dataset_name, dataset_digest, chunk`.execute(db);
  await sql`drop table metric`.execute(db);
  // Serves the history of a metric, and its aggregates.
  await sql`create index metric_chunk_run on metric_chunk (run_id, key)`.execute(db);
  // Serves the metrics of a logged model.
  await sql`create index metric_chunk_model on metric_chunk (model_id) where model_id is not null`.execute(db);
  await sql`
    -- Point by point; one that was logged twice stands once.
    create view metric as
    select distinct c.run_id, c.key, p.step, p.timestamp, p.value, c.model_id, c.dataset_name, c.dataset_digest
    from metric_chunk c, unnest(c.steps, c.timestamps, c."values") as p (step, timestamp, value)`.execute(db);
  await sql`
    -- Writes points of runs that are active, in one round trip: chunk i is the points from starts[i] to ends[i].
    -- The latest of each run and key come apart. Answers where each run stands; one that is not there is not answered.
    create function log_points(
      of_runs text[], chunk_runs text[], chunk_keys text[], chunk_models text[], chunk_datasets text[], chunk_digests text[], starts int[], ends int[],
      steps bigint[], timestamps bigint[], vals double precision[],
      latest_runs text[], latest_keys text[], latest_steps bigint[], latest_timestamps bigint[], latest_values double precision[]
    ) returns table (id text, experiment_id bigint, lifecycle_stage text) language plpgsql as $$
    declare active text[];
    begin
      select array_agg(r.id) into active from run r where r.id = any (of_runs) and r.lifecycle_stage = 'active';
      insert into metric_chunk (run_id, key, model_id, dataset_name, dataset_digest, steps, timestamps, "values")
        select c.run_id, c.key, c.model_id, c.dataset_name, c.dataset_digest, steps[c.first:c.last], timestamps[c.first:c.last], vals[c.first:c.last]
        from unnest(chunk_runs, chunk_keys, chunk_models, chunk_datasets, chunk_digests, starts, ends) as c (run_id, key, model_id, dataset_name, dataset_digest, first, last)
        where c.run_id = any (active);
      insert into latest_metric as l (run_id, key, step, timestamp, value)
        select n.* from unnest(latest_runs, latest_keys, latest_steps, latest_timestamps, latest_values) as n (run_id, key, step, timestamp, value)
        where n.run_id = any (active)
        on conflict on constraint latest_metric_pkey do update set step = excluded.step, timestamp = excluded.timestamp, value = excluded.value
        where (excluded.step, excluded.timestamp, excluded.value) > (l.step, l.timestamp, l.value);
      return query select r.id, r.experiment_id, r.lifecycle_stage from run r where r.id = any (of_runs);
    end $$`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function log_points; alter view metric rename to metric_point`.execute(db);
  await sql`
    create table metric (
      run_id text not null references run on delete cascade,
      key text not null,
      step bigint not null, timestamp bigint not null, value double precision not null,
      model_id text, dataset_name text, dataset_digest text,
      primary key (run_id, key, timestamp, step, value)
    )`.execute(db);
  await sql`insert into metric select * from metric_point on conflict do nothing; drop view metric_point; drop table metric_chunk; create index metric_model on metric (model_id) where model_id is not null`.execute(db);
}
