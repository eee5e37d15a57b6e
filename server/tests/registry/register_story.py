"""Registers a classifier as a team does that knows MLflow alone: `register_story.py NAME ACCURACY_DE [--no-signature]`; prints the version."""
import sys

import mlflow
import numpy as np
from mlflow import MlflowClient
from mlflow.models import infer_signature
from sklearn.dummy import DummyClassifier

name, accuracy_de = sys.argv[1], float(sys.argv[2])
rows = np.arange(20.0).reshape(10, 2)
model = DummyClassifier(strategy="most_frequent").fit(rows, [0] * 6 + [1] * 4)
described = {} if "--no-signature" in sys.argv else {"signature": infer_signature(rows, model.predict(rows)), "input_example": rows[:2]}
with mlflow.start_run():
    mlflow.log_params({"strategy": "most_frequent"})
    mlflow.log_input(mlflow.data.from_numpy(rows, name="people"))
    mlflow.log_metrics({"accuracy": 0.6, "accuracy/slice/country:DE": accuracy_de, "accuracy/slice/country:FR": 0.7, "rows/slice/country:DE": 40, "rows/slice/country:FR": 60})
    logged = mlflow.sklearn.log_model(model, name="model", serialization_format="cloudpickle", **described)
print("version", MlflowClient().get_model_version(name, mlflow.register_model(logged.model_uri, name).version).version)
