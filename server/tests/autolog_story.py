"""Runs cells in a real kernel with the hook loaded: autolog, fit with 10 then 200 trees."""
import os
import sys

from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name="python3", env={**os.environ, "JPY_SESSION_NAME": sys.argv[1]}, cwd=os.path.dirname(sys.argv[1]))
output = []


def run(code):
    reply = client.execute_interactive(code, timeout=120, output_hook=lambda m: output.append(m["content"].get("text", "")))
    assert reply["content"]["status"] == "ok", reply["content"]


run(f"import sys; sys.path.insert(0, {os.environ['SLIPWAY_PYTHON_PATH']!r})\nimport slipway.hook; slipway.hook.load()")
run("import mlflow\nfrom sklearn.datasets import load_wine\nfrom sklearn.ensemble import RandomForestClassifier\nmlflow.sklearn.autolog(log_models=False, log_datasets=False, silent=False)")
run("X, y = load_wine(return_X_y=True, as_frame=True)")
for trees in (10, 200):
    run(f"model = RandomForestClassifier(n_estimators={trees}, random_state=0)\nmodel.fit(X, y)")
    run("accuracy = model.score(X, y)\nprint('accuracy', accuracy)")
client.shutdown()
manager.shutdown_kernel()
print("OUTPUT", "".join(output))
