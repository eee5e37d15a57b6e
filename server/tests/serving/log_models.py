"""Registers models of several kinds with the real client; prints what they predict here, as JSON."""
import json
import os
import sys

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression


class Odd(mlflow.pyfunc.PythonModel):
    """Does what its first row says: the shapes of answers, and the ways to fail."""

    def predict(self, context, model_input, params=None):
        what = model_input["what"].iloc[0]
        print("noise on stdout", flush=True)
        os.write(1, b"more noise, past sys.stdout\n")
        if what == "nan":
            return np.array([float("nan"), float("inf")])
        if what == "dates":
            return pd.DataFrame({"at": pd.to_datetime(["2026-01-02T03:04:05"]), "name": ["x"], "raw": [b"ab"]})
        if what == "dict":
            return {"scores": np.array([1.5, 2.5]), "label": "a"}
        if what == "raise":
            raise ValueError("no such thing\nas this")
        if what == "exit":
            os._exit(3)
        if what == "sleep":
            import time

            time.sleep(60)
        if what == "hoard":
            held = [np.ones(10_000_000) for _ in range(60)]
            return [len(held)]
        if what == "write":
            with open(os.path.join(os.environ["SERVED_HOME"], "planted"), "w") as file:
                file.write("x")
        if what == "look":
            return [json.dumps([sorted(os.listdir(path)) if os.path.isdir(path) else None for path in model_input["path"]])]
        if what == "network":
            import socket

            socket.create_connection(("127.0.0.1", int(model_input["path"].iloc[0])), 2)
        return [what]


iris = load_iris(as_frame=True)
forest = RandomForestClassifier(n_estimators=5, random_state=0).fit(iris.data, iris.target)
line = LinearRegression().fit(iris.data[["sepal length (cm)"]], iris.data["petal length (cm)"])
with mlflow.start_run():
    mlflow.sklearn.log_model(forest, name="model", registered_model_name="iris", serialization_format="cloudpickle", input_example=iris.data.head(2))
    mlflow.sklearn.log_model(line, name="line", registered_model_name="a line", serialization_format="cloudpickle", signature=infer_signature(iris.data[["sepal length (cm)"]]))
    mlflow.pyfunc.log_model(name="odd", python_model=Odd(), registered_model_name="odd")
client = mlflow.MlflowClient()
client.set_registered_model_alias("iris", "champion", "1")
# A version whose files are no model.
with mlflow.start_run() as run:
    mlflow.log_text("flavors: {}", "broken/MLmodel")
client.create_registered_model("broken")
client.create_model_version("broken", f"runs:/{run.info.run_id}/broken", run.info.run_id)
json.dump(
    {
        "iris": {"columns": list(iris.data.columns), "rows": iris.data.values.tolist(), "predictions": forest.predict(iris.data).tolist()},
        "line": line.predict(iris.data[["sepal length (cm)"]]).tolist(),
    },
    sys.stdout,
)
