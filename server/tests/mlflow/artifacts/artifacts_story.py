"""Artifacts through the real client: deep, odd, many, large, in parts and in ranges. The argument says which story."""
import hashlib
import os
import sys
import tempfile

import mlflow
from mlflow import MlflowClient
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

client = MlflowClient()
MB = 1_000_000


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_below(folder):
    return {os.path.relpath(os.path.join(root, name), folder): digest_of(os.path.join(root, name)) for root, _, names in os.walk(folder) for name in names}


def write(folder, path, content):
    full = os.path.join(folder, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(content)


def odd_names(folder):
    """Names with what URLs, HTML and shells mean something by; an empty file; many levels. `?`, `#` and `%25` are left out: the client does not escape them, MLflow's server gets them cut too."""
    for name in ("a b.txt", "größe/ü.bin", "日本/データ.csv", "100%.txt", "a+b&c=d;e.txt", "it's \"quoted\".txt", "[x]{y}(z)!@$^~`,.txt", ".hidden", "..x/y..", "emoji 🚀/🚀", "deep/" + "/".join(f"level{i}" for i in range(30)) + "/end.txt"):
        write(folder, name, os.urandom(1_000))
    write(folder, "empty", b"")
    write(folder, "model/MLmodel", b"flavors: {}\n")


def many_files(folder):
    for i in range(1_000):
        write(folder, f"part-{i // 100}/{i:04}.txt", str(i).encode())


def large(folder):
    write(folder, "large.bin", os.urandom(64 * MB))


story = sys.argv[1]
with tempfile.TemporaryDirectory() as source, tempfile.TemporaryDirectory() as target, mlflow.start_run() as run:
    globals()[story](source)
    expected = files_below(source)
    mlflow.log_artifacts(source, "here")
    found = files_below(mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="here", dst_path=target))
    assert found == expected, found.items() ^ expected.items()
    path, digest = sorted(expected.items())[0]
    assert digest_of(client.download_artifacts(run.info.run_id, f"here/{path}", target)) == digest
    listed = {f.path for f in client.list_artifacts(run.info.run_id, "here")}
    assert listed == {f"here/{path.split('/')[0]}" for path in expected}, listed
    repository = get_artifact_repository(run.info.artifact_uri)
    repository.delete_artifacts(f"here/{path}")
    rest = [f for f in client.list_artifacts(run.info.run_id, f"here/{os.path.dirname(path)}".rstrip("/")) if f.path == f"here/{path}"]
    assert rest == [], rest
print("story told")
