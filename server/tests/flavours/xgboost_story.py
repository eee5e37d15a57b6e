"""XGBoost: autolog of both interfaces, and a registered booster."""
import mlflow
import xgboost
from telling import X, autologged, client, same, tell, y

mlflow.xgboost.autolog(log_input_examples=True, log_model_signatures=True)
with mlflow.start_run() as run:
    booster = xgboost.train({"max_depth": 2, "objective": "binary:logistic"}, xgboost.DMatrix(X, label=y), num_boost_round=5, evals=[(xgboost.DMatrix(X, label=y), "train")], verbose_eval=False)
same(autologged(run, "max_depth", "num_boost_round").model_uri, lambda rows: booster.predict(xgboost.DMatrix(rows)))
assert len(client.get_metric_history(run.info.run_id, "train-logloss")) == 5
assert "feature_importance_weight.json" in {f.path for f in client.list_artifacts(run.info.run_id)}
with mlflow.start_run() as run:
    model = xgboost.XGBClassifier(n_estimators=3).fit(X, y, eval_set=[(X, y)], verbose=False)
autologged(run, "num_boost_round")
mlflow.xgboost.autolog(disable=True)
with mlflow.start_run():
    info = mlflow.xgboost.log_model(model, name="model", registered_model_name="a-xgboost", input_example=X.head(2))
assert mlflow.xgboost.load_model(info.model_uri).get_booster().num_boosted_rounds() == 3
tell("a-xgboost", same("models:/a-xgboost/1", model.predict))
