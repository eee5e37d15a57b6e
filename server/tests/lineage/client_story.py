"""What a user of MLflow's client does: logs a table, logs a model of it, registers it, copies it."""

import sys

import mlflow
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

folder = sys.argv[1]
table = pd.DataFrame({"a": [1, 2, 3, 4], "target": [0, 0, 1, 1]})
path = f"{folder}/table.csv"
table.to_csv(path, index=False)
mlflow.set_experiment("lineage story")
with mlflow.start_run(run_name="story") as run:
    mlflow.log_input(mlflow.data.from_pandas(table, source=path, name="table"), context="training")
    model = DecisionTreeClassifier().fit(table[["a"]], table["target"])
    logged = mlflow.sklearn.log_model(model, name="tree", registered_model_name="story", serialization_format="cloudpickle")
mlflow.MlflowClient().copy_model_version("models:/story/1", "story-copy")
print(run.info.run_id, logged.model_id)
