"""What a team's MLflow code does, through the real client; asserts as it goes."""
import math
import os
import tempfile

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import RestException
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier

client = MlflowClient()
experiment_id = client.create_experiment("wine", tags={"team": "red"})
try:
    client.create_experiment("wine")
    raise SystemExit("a taken name was accepted")
except RestException as error:
    assert error.error_code == "RESOURCE_ALREADY_EXISTS", error.error_code
assert client.get_experiment_by_name("wine").tags == {"team": "red"}
assert client.get_experiment_by_name("absent") is None
mlflow.set_experiment("wine")

with mlflow.start_run(run_name="first") as run:
    mlflow.log_param("lr", 0.1)
    mlflow.log_params({"depth": 3, "kind": "x" * 7000})
    for step in range(5):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metrics({"nan": math.nan, "inf": math.inf, "big": 1.5})
    mlflow.set_tag("note", "hello")
    mlflow.log_text("a,b\n1,2\n", "tables/data.csv")
    mlflow.log_dict({"deep": [1]}, "a/b/c/deep.json")
    mlflow.log_input(mlflow.data.from_pandas(pd.DataFrame({"x": [1.0]}), name="tiny"), context="training")
found = client.get_run(run.info.run_id)
assert found.info.status == "FINISHED" and found.info.run_name == "first", found.info
assert found.data.params["lr"] == "0.1" and len(found.data.params["kind"]) == 6000
assert found.data.metrics["loss"] == 0.2 and math.isnan(found.data.metrics["nan"]) and found.data.metrics["inf"] == math.inf
assert [m.step for m in client.get_metric_history(run.info.run_id, "loss")] == [0, 1, 2, 3, 4]
assert found.inputs.dataset_inputs[0].dataset.name == "tiny"
assert [f.path for f in client.list_artifacts(run.info.run_id)] == ["a", "tables"], client.list_artifacts(run.info.run_id)
assert [f.path for f in client.list_artifacts(run.info.run_id, "a/b")] == ["a/b/c"]
assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/tables/data.csv") == "a,b\n1,2\n"

try:
    client.log_param(run.info.run_id, "lr", 0.2)
    raise SystemExit("a param was changed")
except mlflow.exceptions.MlflowException as error:
    assert "Changing param values is not allowed" in str(error), error
huge = 2**62 + 1
client.log_metric(run.info.run_id, "far", 1.0, step=huge)
assert client.get_metric_history(run.info.run_id, "far")[0].step == huge

for lr in (0.5, 0.7):
    with mlflow.start_run():
        mlflow.log_param("lr", lr)
        mlflow.log_metric("acc", lr)
frame = mlflow.search_runs(filter_string="metrics.acc > 0.4 and params.lr != '0.5'", order_by=["metrics.acc DESC"])
assert list(frame["params.lr"]) == ["0.7"], frame
page = client.search_runs([experiment_id], order_by=["metrics.acc ASC"], max_results=2)
assert [r.data.params["lr"] for r in page] == ["0.5", "0.7"] and page.token
assert [r.info.run_name for r in client.search_runs([experiment_id], page_token=page.token, max_results=2, order_by=["metrics.acc ASC"])] == ["first"]
client.delete_run(run.info.run_id)
assert len(client.search_runs([experiment_id])) == 2
client.restore_run(run.info.run_id)
assert len(client.search_runs([experiment_id], "attributes.run_name = 'first'")) == 1

X, y = load_wine(return_X_y=True, as_frame=True)
mlflow.sklearn.autolog(log_datasets=True)
with mlflow.start_run() as trained:
    model = RandomForestClassifier(n_estimators=5, random_state=0).fit(X, y)
mlflow.sklearn.autolog(disable=True)
data = client.get_run(trained.info.run_id).data
assert data.params["n_estimators"] == "5" and "training_score" in data.metrics, data

with mlflow.start_run():
    info = mlflow.sklearn.log_model(model, name="model", registered_model_name="wine", serialization_format="cloudpickle", input_example=X.head(2))
version = client.get_model_version("wine", "1")
assert version.status == "READY" and version.run_id == info.run_id, version
client.set_registered_model_alias("wine", "champion", "1")
assert client.get_model_version_by_alias("wine", "champion").version == "1"
for uri in ("models:/wine/1", "models:/wine@champion", info.model_uri):
    loaded = mlflow.pyfunc.load_model(uri)
    assert np.array_equal(loaded.predict(X), model.predict(X)), uri
assert [m.name for m in client.search_registered_models("name LIKE 'wi%'")] == ["wine"]
assert [v.version for v in client.search_model_versions("name = 'wine'")] == ["1"]
client.set_model_version_tag("wine", "1", "checked", "yes")
assert client.get_model_version("wine", "1").tags["checked"] == "yes"
assert client.get_logged_model(info.model_id).status == "READY"

assert [m.model_id for m in mlflow.search_logged_models([experiment_id], f"source_run_id = '{version.run_id}' AND name = 'model' AND status = 'READY'", output_format="list")] == [info.model_id]
client.set_logged_model_tags(info.model_id, {"stage": "try"})
with mlflow.start_run():
    for step, accuracy in enumerate((0.5, 0.9)):
        mlflow.log_metric("acc", accuracy, step=step, model_id=info.model_id)
for wanted, clause in ((1, "metrics.acc > 0.8"), (0, "metrics.acc < 0.8"), (1, "tags.stage LIKE 't%'"), (0, "params.none = 'x'"), (1, "metrics.acc >= 0.9 AND tags.stage = 'try'")):
    models = mlflow.search_logged_models([experiment_id], clause, order_by=[{"field_name": "metrics.acc", "ascending": False}], output_format="list")
    assert len(models) == wanted, (clause, models)

copied = client.copy_model_version("models:/wine/1", "wine-prod")
assert np.array_equal(mlflow.pyfunc.load_model("models:/wine-prod/1").predict(X), model.predict(X))
client.transition_model_version_stage("wine-prod", copied.version, "Production")
assert client.get_latest_versions("wine-prod", ["Production"])[0].version == copied.version
client.update_model_version("wine-prod", "1", "second home")
assert client.get_model_version("wine-prod", "1").description == "second home"
client.rename_registered_model("wine-prod", "wine-live")
client.delete_model_version("wine-live", "1")
client.delete_registered_model("wine-live")
assert [m.name for m in client.search_registered_models()] == ["wine"]
mlflow.register_prompt("greeting", "Hello {{name}}")
assert [m.name for m in client.search_registered_models()] == ["wine"], "prompts stand aside"
assert mlflow.load_prompt("prompts:/greeting/1").format(name="Ada") == "Hello Ada"

with mlflow.start_run(run_name="parent") as parent:
    with mlflow.start_run(run_name="child", nested=True) as child:
        mlflow.set_tags({"keep": "1", "drop": "2"})
client.delete_tag(child.info.run_id, "drop")
children = client.search_runs([experiment_id], f"tags.mlflow.parentRunId = '{parent.info.run_id}'")
assert [r.info.run_name for r in children] == ["child"] and "drop" not in children[0].data.tags
client.update_run(child.info.run_id, name="renamed", status="FAILED")
assert client.get_run(child.info.run_id).info.run_name == "renamed"
assert client.get_run(child.info.run_id).info.status == "FAILED"

other = client.create_experiment("throwaway")
client.set_experiment_tag(other, "team", "blue")
assert [e.name for e in client.search_experiments(filter_string="tags.team = 'blue'")] == ["throwaway"]
client.rename_experiment(other, "thrown")
client.delete_experiment(other)
assert "thrown" not in [e.name for e in client.search_experiments()]
client.restore_experiment(other)
assert client.get_experiment(other).lifecycle_stage == "active"
for broken in ("nonsense", "params.a = 1 OR params.b = 2"):
    try:
        client.search_runs([experiment_id], broken)
        raise SystemExit("a broken filter was accepted")
    except RestException as error:
        assert error.error_code == "INVALID_PARAMETER_VALUE", error.error_code

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "blob.bin")
    content = os.urandom(3_000_000)
    with open(path, "wb") as file:
        file.write(content)
    client.log_artifact(trained.info.run_id, path, "bin")
    with open(client.download_artifacts(trained.info.run_id, "bin/blob.bin", folder), "rb") as file:
        assert file.read() == content
print("story told")
