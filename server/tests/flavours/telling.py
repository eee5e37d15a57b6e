"""What the stories of the flavours share: data, the checks after autolog, and how they tell the test what to serve."""
import json
import sys
import tempfile

import mlflow
import numpy as np
from mlflow import MlflowClient
from sklearn.datasets import load_iris

client = MlflowClient()
iris = load_iris(as_frame=True)
X, y = iris.data.astype("float32"), (iris.target > 0).astype(int)


def autologged(run, *params):
    """The run autolog made has these params, some metric, and a logged model that is ready."""
    data = client.get_run(run.info.run_id).data
    missing = [name for name in params if name not in data.params]
    assert not missing, (missing, data.params)
    assert data.metrics, data
    models = mlflow.search_logged_models([run.info.experiment_id], f"source_run_id = '{run.info.run_id}'", output_format="list")
    assert [str(m.status) for m in models] == ["READY"], models
    return models[0]


def same(uri, predict, rows=X):
    """The model behind the URI predicts as here, also from a fresh copy of its files."""
    expected = np.asarray(predict(rows))
    with tempfile.TemporaryDirectory() as folder:
        for found in (mlflow.pyfunc.load_model(uri), mlflow.pyfunc.load_model(mlflow.artifacts.download_artifacts(uri, dst_path=folder))):
            predictions = found.predict(rows)
            predictions = next(iter(predictions.values())) if isinstance(predictions, dict) else predictions
            np.testing.assert_allclose(np.asarray(predictions, dtype=float).reshape(expected.shape), expected, rtol=1e-5)
    return expected


def tell(name, predictions, rows=X, form="dataframe_split"):
    """Prints what the test asks the served model, and what it must answer."""
    data = {form: rows.to_dict(orient="split", index=False) if form == "dataframe_split" else np.asarray(rows).tolist()}
    json.dump({"name": name, "request": data, "predictions": np.asarray(predictions, dtype=float).ravel().tolist()}, sys.stdout)
