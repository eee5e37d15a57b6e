"""pyfunc: a class of the user's own with artifacts, params and a module beside it; and a model from code."""
import os
import sys
import tempfile

import mlflow
from mlflow.models import ModelSignature, infer_signature
from telling import X, client, same, tell

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "own_code"))


class Cut(mlflow.pyfunc.PythonModel):
    """Cuts the first column where a file says."""

    def load_context(self, context):
        with open(context.artifacts["at"]) as file:
            self.at = float(file.read())

    def predict(self, context, model_input, params=None):
        from thresholds import cut

        return cut(model_input.iloc[:, 0], self.at + (params or {}).get("shift", 0.0))


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "at.txt")
    with open(path, "w") as file:
        file.write("5.5")
    signature: ModelSignature = infer_signature(X, X.iloc[:, 0].astype("int64"), params={"shift": 0.0})
    with mlflow.start_run() as run:
        info = mlflow.pyfunc.log_model(name="model", python_model=Cut(), artifacts={"at": path}, code_paths=[os.path.join(HERE, "own_code", "thresholds.py")], signature=signature, registered_model_name="a-pyfunc", metadata={"owner": "ü"})
with mlflow.start_run():
    from_code = mlflow.pyfunc.log_model(name="from_code", python_model=os.path.join(HERE, "model_from_code.py"), input_example=X.head(1))
assert mlflow.pyfunc.load_model(from_code.model_uri).predict(X).tolist() == X.sum(axis=1).tolist()
assert mlflow.models.get_model_info("models:/a-pyfunc/1").metadata == {"owner": "ü"}
sys.path.remove(os.path.join(HERE, "own_code"))
assert mlflow.pyfunc.load_model("models:/a-pyfunc/1").predict(X, params={"shift": 100.0}).sum() == 0
tell("a-pyfunc", same("models:/a-pyfunc/1", lambda rows: (rows.iloc[:, 0] > 5.5).astype(int)))
