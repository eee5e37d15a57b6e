"""TensorFlow: Keras by autolog with its epochs, and a registered model."""
import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
import keras
import mlflow
from mlflow.models import infer_signature
from telling import X, autologged, client, iris, same, tell

keras.utils.set_random_seed(0)
rows = X.to_numpy()
mlflow.tensorflow.autolog()
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
model.compile("adam", "mse")
with mlflow.start_run() as run:
    model.fit(rows, iris.target.to_numpy(), epochs=3, verbose=0, validation_split=0.2)
autologged(run, "epochs", "opt_name")
assert [m.step for m in client.get_metric_history(run.info.run_id, "val_loss")] == [0, 1, 2]
mlflow.tensorflow.autolog(disable=True)
predictions = model.predict(rows, verbose=0)
with mlflow.start_run():
    info = mlflow.tensorflow.log_model(model, name="model", registered_model_name="a-tensorflow", signature=infer_signature(rows, predictions))
assert mlflow.tensorflow.load_model(info.model_uri).count_params() == model.count_params()
tell("a-tensorflow", same("models:/a-tensorflow/1", lambda _: predictions, rows), rows, "inputs")
