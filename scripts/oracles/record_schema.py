"""Records what the AWS provider says of the resource types that we have tables for: their attributes, and what they default to.

    python -m scripts.oracles.record_schema --plugins FOLDER

`FOLDER` is a plugin folder with the AWS provider; nothing is fetched, and no call to AWS is made.

- `schema.json`: for each type its attributes with their types, and its blocks (and attributes that are lists of objects) as
  `[nesting, what is in them]`. What can't be configured, since AWS alone decides it, is left out.
- `defaults.json`: for each type in `defaults/main.tf` what the provider plans for attributes that are not written there.
  What it leaves to AWS is left out.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from pathlib import Path
from typing import Any

from scripts.oracles.record_plans import Workspace

from stockade.inputs.matrix import tables_of

FOLDER = Path(__file__).parents[2] / "tests" / "oracles" / "terraform"
DEFAULTS = FOLDER / "defaults"
# Statements of web ACLs in statements, which nest so deep that they would be most of the file; nothing in them is read.
NESTING = frozenset({"and_statement", "not_statement", "or_statement", "scope_down_statement"})


def shape(type_: Any) -> Any:  # noqa: ANN401 - a type as the schema writes it
    """A type in short: `string`, `set(string)`, or the nesting and what is inside of objects."""
    if isinstance(type_, str):
        return type_
    kind, inner = type_
    if kind == "object":
        return ["single", {name: shape(own) for name, own in sorted(inner.items())}]
    own = shape(inner)
    return [kind, own[1]] if isinstance(own, list) else f"{kind}({own})"


def block(schema: Any) -> dict[str, Any]:  # noqa: ANN401 - a block of the schema
    """What can be written in a block."""
    found: dict[str, Any] = {}
    for name, own in schema.get("attributes", {}).items():
        if own.get("optional") or own.get("required"):
            nested = own.get("nested_type")
            found[name] = shape(own["type"]) if nested is None else [nested["nesting_mode"], block(nested)]
    for name, own in schema.get("block_types", {}).items():
        if name != "timeouts":
            found[name] = [own["nesting_mode"], {} if name in NESTING else block(own["block"])]
    return dict(sorted(found.items()))


def record_schema(schemas: Any) -> dict[str, Any]:  # noqa: ANN401 - what Terraform prints
    """The types that we have tables for."""
    types = {table.type.partition("/")[0] for table in tables_of("terraform")}
    known = next(own for name, own in schemas["provider_schemas"].items() if name.endswith("/aws"))["resource_schemas"]
    return {type_: block(known[type_]["block"]) for type_ in sorted(types) if type_ in known}


def record_defaults(plan: Any) -> dict[str, Any]:  # noqa: ANN401 - what Terraform prints
    """What is planned for what `defaults/main.tf` does not write."""
    text = (DEFAULTS / "main.tf").read_text(encoding="utf-8")
    written = {
        match[1]: set(re.findall(r"^\s*(\w+)\b", match[2], re.MULTILINE)) | set(re.findall(r"\{ (\w+)", match[2]))
        for match in re.finditer(r'^resource "(\w+)" "x" (\{.*?\}$|\{$.*?^\})', text, re.MULTILINE | re.DOTALL)
    }
    found: dict[str, Any] = {}
    for change in plan["resource_changes"]:
        own = written[change["type"]]
        after = change["change"]["after"]
        found[change["type"]] = {
            name: value
            for name, value in sorted(after.items())
            if name not in own and isinstance(value, bool | int | float | str)
        }
    return dict(sorted(found.items()))


def write(path: Path, version: str, found: dict[str, Any]) -> None:
    """A line for each type, so that a change of one can be read."""
    lines = [f" {json.dumps(name)}: {json.dumps(own, sort_keys=True)}" for name, own in found.items()]
    text = ",\n".join([f' "provider": {json.dumps(version)}', *lines])
    path.write_text("{\n" + text + "\n}\n", encoding="utf-8")


def main() -> None:
    """Record both."""
    parser = argparse.ArgumentParser(description="Records the provider's schema and defaults.")
    parser.add_argument("--plugins", type=Path, required=True, help="a plugin folder with the AWS provider")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(DEFAULTS, Path(folder), given.plugins)
        version = workspace.versions()["aws"]
        write(FOLDER / "schema.json", version, record_schema(workspace.schemas()))
        write(FOLDER / "defaults.json", version, record_defaults(workspace.plan({})))


if __name__ == "__main__":
    main()
