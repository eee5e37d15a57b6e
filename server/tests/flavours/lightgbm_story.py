"""LightGBM: autolog of a booster, and a registered classifier."""
import lightgbm
import mlflow
from telling import X, autologged, client, same, tell, y

mlflow.lightgbm.autolog(log_input_examples=True)
with mlflow.start_run() as run:
    booster = lightgbm.train({"objective": "binary", "num_leaves": 4, "verbosity": -1}, lightgbm.Dataset(X, label=y), num_boost_round=5, valid_sets=[lightgbm.Dataset(X, label=y)], valid_names=["train"])
same(autologged(run, "num_leaves", "num_boost_round").model_uri, booster.predict)
assert len(client.get_metric_history(run.info.run_id, "train-binary_logloss")) == 5
mlflow.lightgbm.autolog(disable=True)
model = lightgbm.LGBMClassifier(n_estimators=3, verbosity=-1).fit(X, y)
with mlflow.start_run():
    info = mlflow.lightgbm.log_model(model, name="model", registered_model_name="a-lightgbm", input_example=X.head(2))
assert list(mlflow.lightgbm.load_model(info.model_uri).classes_) == [0, 1]
tell("a-lightgbm", same("models:/a-lightgbm/1", model.predict))
