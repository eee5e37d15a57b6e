"""PyTorch: params and metrics of a training loop, checkpoints as artifacts, and a registered module."""
import mlflow
import numpy as np
import torch
from mlflow.models import infer_signature
from telling import X, client, iris, same, tell

torch.manual_seed(0)
rows = X.to_numpy()
model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
target = torch.tensor(iris.target.to_numpy(), dtype=torch.float32).reshape(-1, 1)
mlflow.pytorch.autolog()
with mlflow.start_run() as run:
    mlflow.log_params({"lr": 0.01, "epochs": 5})
    for epoch in range(5):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(torch.from_numpy(rows)), target)
        loss.backward()
        optimizer.step()
        mlflow.log_metric("loss", loss.item(), step=epoch)
        mlflow.pytorch.log_state_dict(model.state_dict(), artifact_path=f"checkpoints/{epoch}")
    predictions = model(torch.from_numpy(rows)).detach().numpy()
    info = mlflow.pytorch.log_model(model, name="model", registered_model_name="a-torch", signature=infer_signature(rows, predictions), serialization_format="pickle")
assert [m.step for m in client.get_metric_history(run.info.run_id, "loss")] == [0, 1, 2, 3, 4]
state = mlflow.pytorch.load_state_dict(f"runs:/{run.info.run_id}/checkpoints/4")
assert all(torch.equal(value, state[key]) for key, value in model.state_dict().items())
assert np.array_equal(mlflow.pytorch.load_model(info.model_uri)(torch.from_numpy(rows)).detach().numpy(), predictions)
tell("a-torch", same("models:/a-torch/1", lambda _: predictions, rows), rows, "inputs")
