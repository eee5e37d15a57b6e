"""Serves one MLflow model over stdin and stdout, for as long as it is let.

``python serve_model.py MODEL_FOLDER`` loads the model, says ``{"type": "ready"}``
and then answers requests one by one. Both ways a message is one line of JSON
followed by ``sizeBytes`` bytes of body::

    -> {"id": 1, "contentType": "application/json", "sizeBytes": 34}  + body
    <- {"type": "begun", "id": 1}        from here on a death is the request's fault
    <- {"type": "reply", "id": 1, "sizeBytes": 20}                   + body
    <- {"type": "refusal", "id": 1, "code": "schema_mismatch", "message": "..."}

A model that cannot be loaded is told as ``{"type": "failed", "code", "message"}``
and ends the process. Parsing, the signature and the form of the answer are those
of MLflow's own scoring server, because they are its own functions.
"""

import sys

del sys.path[0]  # our neighbours must not stand in for modules of the same name

import json
import os

# What a served model may not do is print into our protocol.
_requests = os.fdopen(os.dup(0), "rb")
_replies = os.fdopen(os.dup(1), "wb")
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
os.dup2(2, 1)

# MLflow's wording, oldest to newest, against the codes that clients rely on.
CODES = (
    ("failed to enforce schema", "schema_mismatch"),
    ("model is missing inputs", "schema_mismatch"),
    ("incompatible input types", "schema_mismatch"),
    ("not compatible with model signature", "schema_mismatch"),
    ("exactly one of the input fields", "unknown_form"),
    ("valid json formatted string", "invalid_json"),
    ("valid utf-8", "invalid_encoding"),
    ("encountered an unexpected error while evaluating the model", "prediction_failed"),
)
LONGEST_MESSAGE = 2000


def main():
    """Load the model, then answer until stdin ends."""
    try:
        invocations, model, schema = load(sys.argv[1])
    except ImportError as error:
        fail("module_missing", f"{error}. The environment that serves the model lacks it.")
    except BaseException as error:  # a pickle may raise anything, SystemExit included
        fail("model_not_loadable", describe(error))
    send({"type": "ready"})
    for line in iter(_requests.readline, b""):
        request = json.loads(line)
        body = _requests.read(request["sizeBytes"])
        send({"type": "begun", "id": request["id"]})
        answer(request, body, invocations, model, schema)


def load(folder):
    """Import MLflow and load the model; gives its scoring function, the model, its input schema."""
    os.environ["MLFLOW_TRACKING_URI"] = f"file://{os.getcwd()}/mlruns"  # nothing of it is used; the default would make a database
    os.environ["_MLFLOW_IS_IN_SERVING_ENVIRONMENT"] = "true"
    import mlflow.pyfunc
    from mlflow.pyfunc.scoring_server import invocations

    model = mlflow.pyfunc.load_model(folder)
    return invocations, model, model.metadata.get_input_schema()


def answer(request, body, invocations, model, schema):
    """Answer one request; whatever the model does, the worker goes on."""
    try:
        reply = invocations(body, request["contentType"], model, schema)
    except Exception as error:
        refuse(request, code_of(error), describe(error))
    except SystemExit as error:
        refuse(request, "prediction_failed", f"The model tried to end its process ({error}).")
    else:
        if reply.status == 415:
            refuse(request, "unsupported_content_type", reply.response)
        else:
            content = reply.response.encode()
            send({"type": "reply", "id": request["id"], "sizeBytes": len(content)}, content)


def code_of(error):
    """Stable code of an error of MLflow's, by its wording."""
    message = str(getattr(error, "message", error)).lower()
    return next((code for words, code in CODES if words in message), "invalid_input" if is_mlflow(error) else "prediction_failed")


def is_mlflow(error):
    """Whether MLflow raised it on purpose."""
    return any(kind.__name__ == "MlflowException" for kind in type(error).__mro__)


def describe(error):
    """What went wrong, for people: without the data, which MLflow repeats whole."""
    message = str(getattr(error, "message", "") or error)
    stack = getattr(error, "json_kwargs", {}).get("stack_trace")
    if stack and "unexpected error while evaluating" in message:
        message = f"The model raised {raised(stack)}"
    elif "Failed to predict data" in message:
        message = message.split("\nError: ", 1)[-1]
    if "Failed to enforce schema" in message:
        message = message.split(" Error: ", 1)[-1]
    message = message.split("IMPORTANT: The MLflow Model scoring protocol has changed")[0].split("\nInput:")[0]
    if not is_mlflow(error):
        message = f"{type(error).__name__}: {message}"
    return message.strip()[:LONGEST_MESSAGE]


def raised(stack):
    """First line of the exception at the end of a traceback; its text may have many."""
    lines = stack.strip().splitlines()
    frames = [i for i, line in enumerate(lines) if line.startswith("  File ")]
    after = lines[frames[-1] + 1 :] if frames else lines
    return next((line for line in after if line and not line.startswith(" ")), lines[-1])


def refuse(request, code, message):
    """Say no to one request."""
    send({"type": "refusal", "id": request["id"], "code": code, "message": message})


def fail(code, message):
    """Say that the model cannot be served, and end."""
    send({"type": "failed", "code": code, "message": message})
    # At once: threads a half-loaded model left behind must not keep the process.
    os._exit(1)


def send(message, body=b""):
    """Write one message whole."""
    _replies.write(json.dumps(message).encode() + b"\n" + body)
    _replies.flush()


if __name__ == "__main__":
    main()
