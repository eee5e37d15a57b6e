"""Fills a tracking server as a team does in a year, in small."""

import math

import mlflow
import pandas as pd
from mlflow import MlflowClient
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

client = MlflowClient()
mlflow.set_experiment("shop/churn é")
client.set_experiment_tag(mlflow.get_experiment_by_name("shop/churn é").experiment_id, "team", "blue")
X, y = load_iris(return_X_y=True, as_frame=True)
for depth in (1, 2, 3):
    with mlflow.start_run(run_name=f"depth {depth}") as run:
        mlflow.log_params({"depth": depth, "long": "x" * 3000})
        for step in range(30):
            mlflow.log_metric("loss", 1 / (step + depth), step=step)
        mlflow.log_metric("nan", math.nan)
        mlflow.log_metric("big step", 1, step=2**53 + 1)
        mlflow.log_input(mlflow.data.from_pandas(X.head(10), name="iris"), context="train")
        mlflow.log_text("a note", "notes/a b.txt")
        mlflow.log_dict({"depth": depth}, "config.json")
        model = LogisticRegression(C=10.0**-depth, max_iter=500).fit(X, y)
        info = mlflow.sklearn.log_model(model, name="model", registered_model_name="churn", input_example=X.head(2), pip_requirements=["scikit-learn"])
        mlflow.log_metric("accuracy", model.score(X, y), model_id=info.model_id)
client.set_registered_model_alias("churn", "champion", "2")
client.set_model_version_tag("churn", "2", "checked", "yes")
client.update_registered_model("churn", description="who leaves")
client.delete_model_version("churn", "1")
client.transition_model_version_stage("churn", "3", "Staging")
with mlflow.start_run(run_name="thrown away") as thrown:
    mlflow.log_metric("m", 1)
client.delete_run(thrown.info.run_id)
with mlflow.start_run(run_name="failed"):
    pass
client.set_terminated(mlflow.last_active_run().info.run_id, "FAILED")
mlflow.register_model(f"runs:/{run.info.run_id}/model", "churn")
print("told")
