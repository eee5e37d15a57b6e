"""scikit-learn: a pipeline inside a grid search, by autolog and by log_model."""
import mlflow
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from telling import X, autologged, client, same, tell, y

mlflow.sklearn.autolog(log_input_examples=True)
with mlflow.start_run() as run:
    search = GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), {"logisticregression__C": [0.1, 1.0]}, cv=2).fit(X, y)
assert "best_cv_score" in client.get_run(run.info.run_id).data.metrics
children = client.search_runs([run.info.experiment_id], f"tags.mlflow.parentRunId = '{run.info.run_id}'")
assert len(children) == 2, children
assert {"estimator.html", "cv_results.csv"} <= {f.path for f in client.list_artifacts(run.info.run_id)}
mlflow.sklearn.autolog(disable=True)
with mlflow.start_run():
    info = mlflow.sklearn.log_model(search.best_estimator_, name="model", registered_model_name="a-sklearn", input_example=X.head(2), serialization_format="cloudpickle")
same(info.model_uri, search.best_estimator_.predict)
tell("a-sklearn", same("models:/a-sklearn/1", search.best_estimator_.predict))
