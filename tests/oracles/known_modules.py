"""What a public module makes of a call, and what our description of it does, in a form in which they can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from stockade.model.app import App
from stockade.model.diff import own_fields
from tests.inputs.terraform.support import app_of

HERE = Path(__file__).parent / "terraform"
CALLS = HERE / "known_modules" / "calls.tf"
FACTS = HERE / "known_modules.json"
SNAPSHOT = "terraform-aws-modules+terraform-aws-lambda"
LAMBDA = "terraform-aws-modules/lambda/aws"

Fields = dict[str, dict[str, Any]]


def fetched(snapshot: Path, calls: Mapping[str, str]) -> dict[str, str]:
    """The files that `terraform init` would put beside a configuration with these calls of the Lambda module."""
    files: dict[str, str] = {}
    rows = [{"Key": "", "Source": "", "Dir": "."}]
    for name, source in calls.items():
        folder = snapshot / source.partition("//")[2]
        target = f".terraform/modules/{name}"
        rows.append({"Key": name, "Source": source, "Dir": target})
        for path in (*folder.glob("*.tf"), *folder.glob("package.py")):
            files[f"{target}/{path.name}"] = path.read_text(encoding="utf-8")
    return {**files, ".terraform/modules/modules.json": json.dumps({"Modules": rows})}


def records(app: App) -> Fields:
    """Every record by its kind and address, with what its fields hold and when it is there."""
    found: Fields = {}
    for record in app.resources:
        held = {name: _data(value) for name, value in own_fields(record).items() if name != "framework_owned"}
        held["exists"] = sorted([p.key, p.value, p.holds] for p in record.exists)
        found[f"{record.kind} {record.address}"] = held
    return found


def described(text: str) -> Fields:
    """What the descriptions make of a configuration."""
    return records(app_of(text))


def real(text: str, snapshot: Path, calls: Mapping[str, str]) -> Fields:
    """What the module itself makes of it."""
    return records(app_of({"main.tf": text, **fetched(snapshot, calls)}))


def disagreements(truth: Fields, ours: Fields) -> Iterator[str]:
    """Where they differ in a world in which the record is there.

    What the truth itself does not know may be known to a description.
    """
    for address in truth.keys() ^ ours.keys():
        yield f"{address}: only {'the module' if address in truth else 'the description'} makes it"
    for address in truth.keys() & ours.keys():
        for name in truth[address].keys() | ours[address].keys():
            theirs, mine = truth[address].get(name), ours[address].get(name)
            if theirs == mine or _is_open(theirs):
                continue
            for world in _worlds([theirs, mine], truth[address]["exists"]):
                left, right = _in_world(theirs, world), _in_world(mine, world)
                if left != right:
                    yield f"{address}, {name}, where {world}:\n  the module:      {left}\n  the description: {right}"
                    break


def _data(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_data(item) for item in value]
    return value


_OTHER = "something else"


def _worlds(values: list[Any], there: list[Any]) -> Iterator[dict[str, str]]:
    """Every combination of what the conditions in these values may be.

    Those that a description leaves out on purpose are not among them: another partition, an argument that turns out to be null.
    """
    keys: dict[str, set[str]] = {}
    for key, value, _ in [*_premises(values), *there]:
        keys.setdefault(key, {_OTHER}).add(value)
    for key, choices in keys.items():
        choices.discard("null")
        if key == "AWS::Partition" or key.rstrip("|").endswith("!= null"):
            choices.discard(_OTHER)
    for chosen in product(*map(sorted, keys.values())):
        world = dict(zip(keys, chosen, strict=True))
        if _holds(there, world):
            yield world


def _premises(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list):
        if len(value) == 2 and value[0] == "one of":
            for when, leaf in value[1]:
                yield from when
                yield from _premises(leaf)
        else:
            for item in value:
                yield from _premises(item)


def _holds(when: list[Any], world: dict[str, str]) -> bool:
    return all((world[key] == value) is holds for key, value, holds in when)


def _in_world(value: Any, world: dict[str, str]) -> Any:
    if not isinstance(value, list):
        return value
    if len(value) == 2 and value[0] == "one of":
        return next((_in_world(leaf, world) for when, leaf in value[1] if _holds(when, world)), None)
    if len(value) == 2 and value[0] == "text":
        return ["text", _joined(value[1])]
    if len(value) == 2 and value[0] in ("principals", "not_principals") and value[1] == ["set", [], True]:
        return [value[0], None]  # no principals are none, whether an empty list of them was written or not
    if len(value) == 3 and value[0] == "set":
        members = (_in_world(item, world) for item in value[1])
        return ["set", [m for m in members if m is not None], value[2]]
    return [_in_world(item, world) for item in value]


def _joined(parts: list[Any]) -> list[Any]:
    """The parts of a text, its neighbouring literals as one."""
    found: list[Any] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return found


def _is_open(value: Any) -> bool:
    """Whether a part of it is not known: what a program says that the module runs, what AWS does."""
    text = json.dumps(value)
    return '["unknown", ' in text or ".data." in text or "docker_registry_image" in text
