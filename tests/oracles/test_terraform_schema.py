"""Every path of the Terraform tables is one that the AWS provider has, and every default is the one that it plans.

Both by what the provider itself says (`scripts/oracles/record_schema.py` records it).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stockade.inputs.lens import Lens
from stockade.inputs.matrix import tables_of
from stockade.inputs.terraform.choices import default_of
from stockade.model.value import Relation, Unknown, Value

_FOLDER = Path(__file__).parent / "terraform"
_TYPES: dict[str, Any] = json.loads((_FOLDER / "schema.json").read_text(encoding="utf-8"))
_DEFAULTS: dict[str, Any] = json.loads((_FOLDER / "defaults.json").read_text(encoding="utf-8"))
_PROVIDER = _TYPES.pop("provider")
_DEFAULTS.pop("provider")

# What later versions of the provider have.
_MANAGED = "capacity_provider_config.lambda_managed_instances_capacity_provider_config.capacity_provider_arn"
_NEWER = {
    (
        "aws_lambda_event_source_mapping",
        "amazon_managed_kafka_event_source_config.schema_registry_config.schema_registry_uri",
    ),
    (
        "aws_lambda_event_source_mapping",
        "self_managed_kafka_event_source_config.schema_registry_config.schema_registry_uri",
    ),
    ("aws_lambda_function", "durable_config.retention_period"),
    ("aws_lambda_function", "source_kms_key_arn"),
    ("aws_lambda_function", "tenancy_config.tenant_isolation_mode"),
    ("aws_lambda_function", _MANAGED),
    ("aws_lambda_function", "durable_config.execution_timeout"),
    ("aws_lambda_permission", "invoked_via_function_url"),
}
_NEWER_TYPES = {"aws_lambda_capacity_provider"}
# The words of the provider for "there is none".
_NOTHING = {
    ("aws_lambda_function", "reserved_concurrent_executions"): -1,
    ("aws_cloudwatch_log_group", "retention_in_days"): 0,
}
# Attributes that hold a document, below which paths go on.
_DOCUMENTS = ("_policy",)
_SCALARS = {"string", "number", "bool"}
_FITTING: dict[str, set[str]] = {
    "text": _SCALARS,
    "integer": {"number", "string"},
    "number": {"number", "string"},
    "boolean": {"bool", "string"},
    "json": {"string"},
    "texts": {"string", "list(string)", "set(string)"},
    "statements": {"string"},
    "variables": {"map(string)"},
    "tags": {"map(string)"},
}


def _at(start: dict[str, Any], path: tuple[str, ...]) -> Any:
    """What the schema has at a path; None where it has nothing."""
    at: Any = ["single", start]
    document = False
    for step in path:
        if step == "*" or step.isdigit() or (isinstance(at, str) and at.startswith("map(")):
            at = at.partition("(")[2].rstrip(")") if isinstance(at, str) else at
        elif isinstance(at, list) and step in at[1]:
            at = at[1][step]
            document = at == "string" and step.endswith(_DOCUMENTS)
        elif not document:
            return None
    return at


def _starts(type_: str) -> list[dict[str, Any]]:
    """Where the paths of a table start: at the resource, or at the block that the table is about."""
    main, _, part = type_.partition("/")
    starts = [_TYPES[main]]
    inner = _TYPES[main].get(part)
    return [inner[1], *starts] if isinstance(inner, list) else starts


def _lenses() -> Iterator[tuple[str, str, Lens, tuple[str, ...]]]:
    for table in tables_of("terraform"):
        if table.type.startswith("aws_") and table.type not in _NEWER_TYPES:
            for name, lens in table.fields.items():
                for path in (lens.path, *lens.also):
                    yield table.type, name, lens, path


def test_every_type_is_the_providers() -> None:
    types = {type_.partition("/")[0] for type_, *_ in _lenses()}
    assert types - set(_TYPES) == set()
    assert set(_TYPES) - types == set(), "record the schema again"


def test_every_path_is_the_providers() -> None:
    wrong = []
    for type_, name, lens, path in _lenses():
        shown = ".".join(path)
        if (type_, shown) in _NEWER:
            continue
        found = [own for start in _starts(type_) if (own := _at(start, path)) is not None]
        if not found:
            wrong.append(f"{type_}.{name}: there is no `{shown}`")
        elif not lens.by and not any(isinstance(own, str) and own in _FITTING[lens.read] for own in found):
            wrong.append(f"{type_}.{name}: `{shown}` is {found[0]}, which is not read as {lens.read}")
    assert wrong == []


def test_what_is_newer_is_not_there_yet() -> None:
    for type_, shown in _NEWER:
        assert _at(_TYPES[type_], tuple(shown.split("."))) is None, f"{shown} is in version {_PROVIDER}"


def test_every_default_is_what_the_provider_plans() -> None:
    tables = {table.type: table for table in tables_of("terraform")}
    wrong = []
    checked = 0
    for type_, defaults in _DEFAULTS.items():
        table = tables.get(type_)
        for name, lens in table.fields.items() if table is not None else ():
            if len(lens.path) != 1 or lens.path[0] not in defaults or table is None:
                continue
            value: Any = dict(table.constants).get(name, default_of(table.makes, name))
            if isinstance(value, Unknown | Relation):
                continue  # other versions have another default; a list has none
            assert isinstance(value, Value), (type_, name)
            planned = defaults[lens.path[0]]
            expected = None if _NOTHING.get((type_, lens.path[0]), object()) == planned else planned
            checked += 1
            if value.only() != expected:
                wrong.append(f"{type_}.{name}: {value.only()!r} instead of {expected!r}")
    assert wrong == []
    assert checked > 40
