"""The MLflow client's webhooks, told against the server in MLFLOW_TRACKING_URI; the receiver's URL is the argument."""

import sys

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.webhooks import ModelVersionCreatedPayload

url = sys.argv[1]
client = MlflowClient()
EVENTS = [
    "registered_model.created",
    "model_version.created",
    "model_version_tag.set",
    "model_version_tag.deleted",
    "model_version_alias.created",
    "model_version_alias.deleted",
    "prompt.created",
    "prompt_version.created",
    "prompt_alias.created",
]

made = client.create_webhook(name="first", url=url, events=["model_version.created"], description="all", secret="a secret")
assert made.webhook_id and made.status == "ACTIVE" and made.secret is None, made
assert [str(e) for e in made.events] == ["model_version.created"]
assert made.creation_timestamp == made.last_updated_timestamp > 0
changed = client.update_webhook(made.webhook_id, name="renamed", events=EVENTS)
assert [str(e) for e in changed.events] == EVENTS and changed.name == "renamed" and changed.description == "all"
assert client.get_webhook(made.webhook_id).url == url
second = client.create_webhook(name="second", url=url, events=["prompt_tag.set"], status="DISABLED")
assert [w.name for w in client.list_webhooks()] == ["second", "renamed"]
page = client.list_webhooks(max_results=1)
assert [w.name for w in page] == ["second"] and page.token
assert [w.name for w in client.list_webhooks(max_results=1, page_token=page.token)] == ["renamed"]
assert client.update_webhook(second.webhook_id, status="ACTIVE").status == "ACTIVE"
client.delete_webhook(second.webhook_id)
for wrong in (
    lambda: client.get_webhook(second.webhook_id),
    lambda: client.delete_webhook("nonsense"),
    lambda: client.create_webhook(name="no good!", url=url, events=["prompt.created"]),
):
    try:
        wrong()
    except MlflowException as error:
        assert error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"), error
    else:
        raise AssertionError("it was not refused")

result = client.test_webhook(made.webhook_id, event="model_version.created")
assert result.success and result.response_status == 200 and result.response_body == "answered 200", result
assert ModelVersionCreatedPayload.example()["source"] == "models:/123"

client.create_registered_model("hooked", tags={"team": "blue"}, description="told")
with mlflow.start_run() as run:
    mlflow.log_text("x", "model/x.txt")
client.create_model_version("hooked", f"runs:/{run.info.run_id}/model", run.info.run_id, tags={"a": "b"})
client.set_model_version_tag("hooked", "1", "checked", "yes")
client.delete_model_version_tag("hooked", "1", "checked")
client.set_registered_model_alias("hooked", "champion", "1")
client.delete_registered_model_alias("hooked", "champion")
mlflow.genai.register_prompt("greeting", "Hello {{name}}!", commit_message="first")
mlflow.genai.set_prompt_alias("greeting", "best", 1)
print("story told")
