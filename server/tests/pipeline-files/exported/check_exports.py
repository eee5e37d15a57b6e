"""Holds exports against what their targets read: KFP's own protobuf, and Argo's own keys.

    python check_exports.py FILE.kfp.yaml FILE.argo.yaml

Hera's models take keys they do not know, so every key is looked for among the
fields of the model that stands for its place.
"""

import sys
import typing

import yaml
from google.protobuf import json_format
from hera.workflows import models
from kfp.pipeline_spec import pipeline_spec_pb2
from pydantic import BaseModel


def check_kfp(path):
    """Parse strictly; every reference leads to something."""
    with open(path, encoding="utf-8") as file:
        given = yaml.safe_load(file)
    spec = json_format.ParseDict(given, pipeline_spec_pb2.PipelineSpec())
    deployment = json_format.ParseDict(given["deploymentSpec"], pipeline_spec_pb2.PipelineDeploymentConfig())
    tasks = spec.root.dag.tasks
    for name, task in tasks.items():
        component = spec.components[task.component_ref.name]
        assert component.executor_label in deployment.executors, name
        assert all(other in tasks for other in task.dependent_tasks), name
        for key, artifact in task.inputs.artifacts.items():
            maker = spec.components[tasks[artifact.task_output_artifact.producer_task].component_ref.name]
            assert artifact.task_output_artifact.output_artifact_key in maker.output_definitions.artifacts, (name, key)
            assert key in component.input_definitions.artifacts, (name, key)
        for key, parameter in task.inputs.parameters.items():
            assert parameter.component_input_parameter in spec.root.input_definitions.parameters, (name, key)
            assert key in component.input_definitions.parameters, (name, key)
    print("kfp", sorted(tasks))


def check_argo(path):
    """Every key is a field of its model, and every value one that the model takes."""
    with open(path, encoding="utf-8") as file:
        given = yaml.safe_load(file)
    model = {"Workflow": models.Workflow, "CronWorkflow": models.CronWorkflow}[given["kind"]]
    model.model_validate(given) if hasattr(model, "model_validate") else model.parse_obj(given)
    faults = list(unknown_keys(given, model, given["kind"]))
    assert not faults, faults
    spec = given["spec"].get("workflowSpec", given["spec"])
    names = {template["name"] for template in spec["templates"]}
    for template in spec["templates"]:
        for task in template.get("dag", {}).get("tasks", []):
            assert task["template"] in names, task
    print("argo", sorted(names))


def unknown_keys(value, kind, path):
    """Paths of keys that no field of the model has, neither by name nor by alias."""
    for model in models_of(kind):
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from unknown_keys(item, kind, f"{path}[{index}]")
            return
        if isinstance(value, dict):
            fields = {}
            for name, field in model.model_fields.items():
                fields[field.alias or name] = field
            for key, held in value.items():
                if key not in fields:
                    yield f"{path}.{key}"
                else:
                    yield from unknown_keys(held, fields[key].annotation, f"{path}.{key}")


def models_of(kind):
    """The one model within a type hint, if there is one."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [] if "__root__" in kind.model_fields or "root" in kind.model_fields else [kind]
    if typing.get_origin(kind) is dict:
        return []
    found = [model for part in typing.get_args(kind) for model in models_of(part)]
    return found[:1]


if __name__ == "__main__":
    check_kfp(sys.argv[1])
    check_argo(sys.argv[2])
