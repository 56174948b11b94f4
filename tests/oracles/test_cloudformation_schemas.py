"""Every path of the CloudFormation tables is a property that AWS publishes, by the schemas that cfn-lint ships."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

from stockade.inputs.cloudformation.tables import tables

_SPEC = importlib.util.find_spec("cfnlint")

# Tables that are not of a resource type (one is of metadata), or of what SAM and OpenAPI have.
_OTHER = ("AWS::Serverless::", "Custom::", "Parameter", "Output", "AWS::CloudFormation::Authentication", "openapi")
# Where a part of a resource is written, if not at a property of the part's name.
_WITHIN = {"AWS::S3::Bucket": "NotificationConfiguration"}


def _schemas() -> tuple[Path, dict[str, str]]:
    assert _SPEC is not None
    assert _SPEC.origin is not None
    folder = Path(_SPEC.origin).parent / "data" / "schemas"
    return folder / "resources", json.loads((folder / "providers" / "us-east-1.json").read_text())


def _options(schema: Any, root: Any) -> list[Any]:
    seen = 0
    while isinstance(schema, dict) and "$ref" in schema and seen < 20:
        target = root
        for part in schema["$ref"].lstrip("#/").split("/"):
            target = target[part]
        schema, seen = target, seen + 1
    found = [schema]
    for word in ("oneOf", "anyOf", "allOf"):
        for option in schema.get(word, []) if isinstance(schema, dict) else []:
            found += _options(option, root)
    return found


def _step(schemas: list[Any], name: str, root: Any) -> list[Any]:
    found: list[Any] = []
    for option in (o for s in schemas for o in _options(s, root) if isinstance(o, dict)):
        if name == "*" or name.isdigit():
            found += [option["items"]] if "items" in option else []
        elif name in option.get("properties", {}):
            found.append(option["properties"][name])
        elif "patternProperties" in option:
            found += option["patternProperties"].values()
        elif "object" in _types(option) and "properties" not in option:
            found.append({"type": "object"})  # a block of any shape, such as a policy document
    return found


def _types(option: Any) -> list[str]:
    kind = option.get("type", [])
    return kind if isinstance(kind, list) else [kind]


def test_every_path_is_published() -> None:
    folder, index = _schemas()
    wrong = []
    for type_, table in tables().items():
        if type_.startswith(_OTHER):
            continue
        main, _, part = type_.partition("/")
        root = json.loads((folder / f"{index[main]}.json").read_text())
        starts: list[list[Any]] = [[root]]
        if part:
            outer = _step([root], _WITHIN[main], root) if main in _WITHIN else [root]
            inner = _step(outer, part, root)
            starts += [inner, _step(inner, "*", root)]
        for name, lens in table.fields.items():
            for path in (lens.path, *lens.also):
                for start in starts:
                    at = start
                    for step in path:
                        at = _step(at, step, root)
                    if at:
                        break
                else:
                    wrong.append(f"{type_}.{name}: {'.'.join(path)}")
    assert wrong == []
