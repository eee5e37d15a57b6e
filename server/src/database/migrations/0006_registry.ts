import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table registered_model (
      name text primary key,
      description text not null default '',
      creation_time bigint not null,
      last_update_time bigint not null
    );
    create table registered_model_tag (
      model_name text not null references registered_model on update cascade on delete cascade,
      key text not null, value text not null,
      primary key (model_name, key)
    );
    create table model_version (
      model_name text not null references registered_model on update cascade on delete cascade,
      version integer not null check (version > 0),
      description text not null default '',
      user_id text not null,
      source text not null,
      -- Where the files lie among the artifacts; null for a source outside.
      storage_folder text,
      run_id text, run_link text, model_id text,
      current_stage text not null default 'None' check (current_stage in ('None', 'Staging', 'Production', 'Archived')),
      creation_time bigint not null,
      last_update_time bigint not null,
      primary key (model_name, version)
    );
    create table model_version_tag (
      model_name text not null, version integer not null,
      key text not null, value text not null,
      primary key (model_name, version, key),
      foreign key (model_name, version) references model_version on update cascade on delete cascade
    );
    create table model_alias (
      model_name text not null, alias text not null, version integer not null,
      primary key (model_name, alias),
      foreign key (model_name, version) references model_version on update cascade on delete cascade
    )`.execute(db);
  // Serves search of versions by run.
  await sql`create index model_version_run on model_version (run_id)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table model_alias, model_version_tag, model_version, registered_model_tag, registered_model`.execute(db);
}
