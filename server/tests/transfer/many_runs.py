"""Fills MLflow's database and artifact folder with many runs: ``many_runs.py DATABASE FOLDER RUNS``.

The tables are made by MLflow's own store; the rows go in by SQL, for MLflow's API would take an hour.
"""
import math
import os
import random
import sqlite3
import sys
import uuid

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

database, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = SqlAlchemyStore(f"sqlite:///{database}", "mlflow-artifacts:/")
rng = random.Random(0)
experiments = [store.create_experiment(f"team {i} / läufe") for i in range(5)]
store.engine.dispose()
db = sqlite3.connect(database)
runs, params, tags, metrics, latest = [], [], [], [], []
for i in range(count):
    run, experiment = uuid.UUID(int=rng.getrandbits(128)).hex, experiments[i % 5]
    is_deleted = i % 97 == 0
    runs.append((run, experiment, f"run {i}", f"user{i % 7}", ("FINISHED", "FAILED", "KILLED")[i % 3], 1_700_000_000_000 + i, 1_700_000_100_000 + i, f"mlflow-artifacts:/{experiment}/{run}/artifacts", "deleted" if is_deleted else "active", "UNKNOWN", "", "", "", 1_800_000_000_000 if is_deleted else None))
    params += [(run, key, str(rng.random())) for key in ("lr", "depth", "seed", "Größe", "long")[: 1 + i % 5]]
    tags += [(run, "mlflow.runName", f"run {i}"), (run, "team", f"t{i % 5}")]
    for key in ("loss", "acc", "f1")[: 1 + i % 3]:
        points = [(run, key, rng.gauss(0, 1), 1_700_000_000_000 + step, step, 0) for step in range(10 if i % 50 else 500)]
        if i % 11 == 0:
            points[-1] = (run, key, 0.0, points[-1][3], points[-1][4], 1)  # NaN, as MLflow stores it
        metrics += points
        latest.append(points[-1])
    if i % 4 == 0:
        for path, text in (("notes/readme ü.txt", f"run {i}\n" * 10), ("model/MLmodel", f"flavors: {{}}\nrun_id: {run}\n")):
            full = os.path.join(folder, str(experiment), run, "artifacts", path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w") as file:
                file.write(text)
db.executemany("insert into runs (run_uuid, experiment_id, name, user_id, status, start_time, end_time, artifact_uri, lifecycle_stage, source_type, source_name, entry_point_name, source_version, deleted_time) values (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", runs)
db.executemany("insert into params (run_uuid, key, value) values (?,?,?)", params)
db.executemany("insert into tags (run_uuid, key, value) values (?,?,?)", tags)
db.executemany("insert into metrics (run_uuid, key, value, timestamp, step, is_nan) values (?,?,?,?,?,?)", metrics)
db.executemany("insert into latest_metrics (run_uuid, key, value, timestamp, step, is_nan) values (?,?,?,?,?,?)", latest)
for m in range(count // 100):
    db.execute("insert into registered_models (name, creation_time, last_updated_time, description) values (?,?,?,?)", (f"model {m}", 1_700_000_000_000, 1_700_000_000_000, f"number {m}"))
    for v in range(3):
        run = runs[(m * 3 + v) * 4]
        db.execute("insert into model_versions (name, version, creation_time, last_updated_time, description, user_id, current_stage, source, run_id, status, storage_location) values (?,?,?,?,?,?,?,?,?,?,?)", (f"model {m}", v + 1, 1_700_000_000_000 + v, 1_700_000_000_000 + v, "", "", "Production" if v == 1 else "None", f"{run[7]}/model", run[0], "READY", f"{run[7]}/model"))
        db.execute("insert into model_version_tags (name, version, key, value) values (?,?,?,?)", (f"model {m}", v + 1, "checked", str(v)))
    db.execute("insert into registered_model_aliases (name, alias, version) values (?,?,?)", (f"model {m}", "champion", 2))
    db.execute("insert into registered_model_tags (name, key, value) values (?,?,?)", (f"model {m}", "team", f"t{m}"))
db.commit()
print(f"{len(runs)} runs, {len(metrics)} points, {sum(len(f) for _, _, f in os.walk(folder))} files, {count // 100} models")
assert math.isfinite(sum(m[2] for m in metrics))
