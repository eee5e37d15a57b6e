"""ONNX: a converted model, stored whole and with its weights outside the graph."""
import mlflow
import onnx
import onnxruntime
from mlflow.models import infer_signature
from skl2onnx import to_onnx
from sklearn.linear_model import LinearRegression
from telling import X, iris, same, tell

model = LinearRegression().fit(X, iris.target)
graph = to_onnx(model, X.to_numpy()[:1])
session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
rows = X.to_numpy()


def predict(data):
    return session.run(None, {name: data})[0]


for registered, save_as_external_data in (("a-onnx-whole", False), ("a-onnx", True)):
    with mlflow.start_run():
        info = mlflow.onnx.log_model(graph, name="model", registered_model_name=registered, signature=infer_signature(rows, predict(rows)), save_as_external_data=save_as_external_data)
    onnx.checker.check_model(mlflow.onnx.load_model(info.model_uri))
    told = same(f"models:/{registered}/1", predict, rows)
tell("a-onnx", told, rows, "inputs")
