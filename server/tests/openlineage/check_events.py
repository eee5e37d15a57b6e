"""Holds RunEvents against OpenLineage's own client: every object must be what
one of its classes (made from the specification) takes, no field more or of
another type, and every facet what the class of its ``_schemaURL`` is. The one
facet of ours is held against the JSON Schema that the daemon publishes.

Reads ``{"events": […], "schema": {…}}`` and prints how many events hold.
"""

import enum
import importlib
import json
import pkgutil
import sys
import types
import typing
import warnings

import attr
import jsonschema
import rfc3986_validator
import referencing
from referencing.jsonschema import DRAFT202012

warnings.simplefilter("ignore")
import openlineage.client.generated as generated  # noqa: E402
from openlineage.client.generated.base import RunEvent  # noqa: E402
from openlineage.client.serde import Serde  # noqa: E402

CLASSES = [
    value
    for module in pkgutil.iter_modules(generated.__path__)
    for value in vars(importlib.import_module(f"{generated.__name__}.{module.name}")).values()
    if isinstance(value, type) and attr.has(value) and hasattr(value, "_get_schema")
]
BY_SCHEMA = {cls._get_schema(): cls for cls in CLASSES}
# What the specification calls each facet in its map.
KEYS = {
    "ParentRunFacet": "parent",
    "ErrorMessageRunFacet": "errorMessage",
    "ProcessingEngineRunFacet": "processing_engine",
    "SourceCodeJobFacet": "sourceCode",
    "JobTypeJobFacet": "jobType",
    "DatasourceDatasetFacet": "dataSource",
    "SchemaDatasetFacet": "schema",
    "DatasetVersionDatasetFacet": "version",
    "ColumnLineageDatasetFacet": "columnLineage",
}


def structure(kind, value, path, ours):
    """Makes what ``kind`` says of ``value``; anything else is an error that names the path."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        kinds = [k for k in typing.get_args(kind) if k is not type(None)]
        assert value is not None, f"{path}: null"
        return structure(kinds[0], value, path, ours)
    if origin is list:
        assert isinstance(value, list), f"{path}: no list"
        return [structure(typing.get_args(kind)[0], item, f"{path}[{i}]", ours) for i, item in enumerate(value)]
    if origin is dict:
        assert isinstance(value, dict), f"{path}: no object"
        inner = typing.get_args(kind)[1]
        return {key: structure_entry(inner, key, item, f"{path}.{key}", ours) for key, item in value.items()}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(value)
    if attr.has(kind):
        return structure_object(kind, value, path, ours)
    assert isinstance(value, kind) and not (kind is int and isinstance(value, bool)), f"{path}: {value!r} is no {kind.__name__}"
    return value


def structure_entry(kind, key, value, path, ours):
    if not (attr.has(kind) and issubclass(kind, generated.base.BaseFacet)):
        return structure(kind, value, path, ours)
    url = value["_schemaURL"]
    if key.startswith("slipway_"):
        ours.validate_facet(key, value)
        return value
    found = BY_SCHEMA.get(url)
    assert found is not None, f"{path}: nothing has the schema {url}"
    assert issubclass(found, kind), f"{path}: {found.__name__} is no {kind.__name__}"
    assert KEYS[found.__name__] == key, f"{path}: {found.__name__} belongs under {KEYS[found.__name__]}"
    return structure_object(found, value, path, ours)


URIS = ("producer", "schemaURL", "_producer", "_schemaURL", "uri")


def structure_object(kind, value, path, ours):
    assert isinstance(value, dict), f"{path}: no object"
    hints = typing.get_type_hints(kind)
    fields = {field.name: field for field in attr.fields(kind)}
    unknown = set(value) - set(fields)
    assert not unknown, f"{path}: {kind.__name__} has no {sorted(unknown)}"
    missing = {name for name, field in fields.items() if field.default is attr.NOTHING} - set(value)
    assert not missing, f"{path}: {kind.__name__} needs {sorted(missing)}"
    if "schemaURL" in fields:
        assert value["schemaURL"] == kind._get_schema(), f"{path}: {value['schemaURL']}"
    for name in set(URIS) & set(value):
        assert rfc3986_validator.validate_rfc3986(value[name], rule="URI"), f"{path}.{name}: {value[name]} is no URI"
    given = {name: structure(hints[name], item, f"{path}.{name}", ours) for name, item in value.items() if fields[name].init}
    return kind(**{fields[name].alias: item for name, item in given.items()})


class OurSchema:
    """The published schema; of OpenLineage's own document it needs what a job facet is."""

    def __init__(self, schema):
        base = {"type": "object", "required": ["_producer", "_schemaURL"], "properties": {"_producer": {"format": "uri"}, "_schemaURL": {"format": "uri"}}}
        spec = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {"JobFacet": base}}
        resources = [("https://openlineage.io/spec/2-0-2/OpenLineage.json", DRAFT202012.create_resource(spec)), (schema["$id"], DRAFT202012.create_resource(schema))]
        self.registry = referencing.Registry().with_resources(resources)
        self.schema = schema
        jsonschema.Draft202012Validator.check_schema(schema)

    def validate_facet(self, key, value):
        assert value["_schemaURL"] == self.schema["$id"] + self.schema["properties"][key]["$ref"], value["_schemaURL"]
        validator = jsonschema.Draft202012Validator({"$ref": value["_schemaURL"]}, registry=self.registry, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
        validator.validate(value)


def main():
    given = json.load(sys.stdin)
    ours = OurSchema(given["schema"])
    for number, event in enumerate(given["events"]):
        made = structure(RunEvent, event, f"event {number}", ours)
        # What the client would send of it is what was sent.
        sent = Serde.to_dict(made)
        for part in ("eventTime", "eventType", "producer", "schemaURL"):
            assert sent[part] == event[part], f"event {number}: {part} {sent[part]!r}"
        assert sent["run"]["runId"] == event["run"]["runId"]
    print(len(given["events"]))


main()
