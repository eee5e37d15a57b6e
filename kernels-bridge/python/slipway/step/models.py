"""Saved estimators become MLflow models: signature, example and predictions from the rows they were scored on."""

from __future__ import annotations

import importlib
import os
import warnings

#: Module prefix of an estimator's class → flavor; the first that fits. Everything sklearn-like last.
FLAVORS = [("xgboost", "xgboost"), ("lightgbm", "lightgbm"), ("catboost", "catboost"), ("torch", "pytorch"), ("keras", "keras"), ("tensorflow", "tensorflow"), ("statsmodels", "statsmodels"), ("sklearn", "sklearn")]
EXAMPLE_ROWS = 5


def save(namespace, model, folder):
    """Write the MLflow model folder and the predictions; None where MLflow is missing or the object is no model.

    Parameters
    ----------
    model : dict
        ``variable`` and ``dataName`` (or None).
    """
    estimator = namespace.get(model["variable"])
    if estimator is None:
        return None
    try:
        import mlflow
    except ImportError:
        return None
    rows = namespace.get(model["dataName"]) if model["dataName"] else None
    predictions = _predict(estimator, rows)
    flavor = _flavor(estimator)
    arguments = {"signature": _signature(rows, predictions), "input_example": _example(rows)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if flavor is None:
            return None
        module = importlib.import_module(f"mlflow.{flavor}")
        key = {"xgboost": "xgb_model", "lightgbm": "lgb_model", "catboost": "cb_model", "pytorch": "pytorch_model", "sklearn": "sk_model"}.get(flavor, "model")
        if flavor == "sklearn":
            arguments["serialization_format"] = "cloudpickle"
        quiet = _quiet(mlflow)
        module.save_model(**{key: estimator}, path=os.path.join(folder, "model"), pip_requirements=_requirements(flavor), **{k: v for k, v in arguments.items() if v is not None})
        del quiet
    result = {"flavor": flavor, "predictions": None}
    if predictions is not None:
        from . import values

        result["predictions"] = values.store(predictions, os.path.join(folder, "predictions"))
    return result


def _flavor(estimator):
    names = [cls.__module__.split(".")[0] for cls in type(estimator).__mro__]
    for module, flavor in FLAVORS:
        if module in names:
            return flavor
    return "sklearn" if hasattr(estimator, "predict") and hasattr(estimator, "get_params") else None


def _predict(estimator, rows):
    if rows is None or not hasattr(estimator, "predict"):
        return None
    try:
        return estimator.predict(rows)
    except Exception:  # noqa: BLE001 - rows of another shape: no signature then
        return None


def _signature(rows, predictions):
    if rows is None or predictions is None:
        return None
    from mlflow.models import infer_signature

    try:
        return infer_signature(rows, predictions)
    except Exception:  # noqa: BLE001 - a type MLflow has no schema for
        return None


def _example(rows):
    try:
        return rows.head(EXAMPLE_ROWS) if hasattr(rows, "head") else rows[:EXAMPLE_ROWS] if rows is not None else None
    except Exception:  # noqa: BLE001
        return None


def _requirements(flavor):
    """Exact versions of what the model needs; MLflow's own inference would load the model in another process."""
    from importlib.metadata import PackageNotFoundError, version

    names = {"sklearn": ["scikit-learn", "numpy", "pandas", "scipy"], "pytorch": ["torch"]}.get(flavor, [flavor, "scikit-learn", "numpy", "pandas"])
    found = []
    for name in ["mlflow", "cloudpickle", *names]:
        try:
            found.append(f"{name}=={version(name)}")
        except PackageNotFoundError:
            pass
    return found


def _quiet(mlflow):
    import logging

    logging.getLogger("mlflow").setLevel(logging.ERROR)
    return mlflow
