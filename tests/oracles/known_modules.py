"""What a public module makes of a call, and what our description of it does, in a form in which they can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
    """Where they differ; what the truth itself does not know may be known to a description."""
    for address in truth.keys() ^ ours.keys():
        yield f"{address}: only {'the module' if address in truth else 'the description'} makes it"
    for address in truth.keys() & ours.keys():
        there = truth[address]["exists"]
        for name in truth[address].keys() | ours[address].keys():
            theirs, mine = (_settled(said[address].get(name), there) for said in (truth, ours))
            if theirs != mine and not _is_open(theirs):
                yield f"{address}, {name}:\n  the module:      {theirs}\n  the description: {mine}"


def _data(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_data(item) for item in value]
    return value


def _settled(value: Any, there: list[Any]) -> Any:
    """Without the cases that a description leaves out on purpose, and those in which the record is not there."""
    if not isinstance(value, list):
        return value
    if len(value) == 2 and value[0] == "one of":
        kept = [leaf for when, leaf in value[1] if not any(_is_left_out(*premise, there) for premise in when)]
        leaves = {json.dumps(leaf): leaf for leaf in kept}
        if len(leaves) == 1:
            return _settled(next(iter(leaves.values())), there)
    if len(value) == 2 and value[0] in ("principals", "not_principals") and value[1] == ["set", [], True]:
        return [value[0], None]  # no principals are none, whether an empty list of them was written or not
    return [_settled(item, there) for item in value]


def _is_left_out(key: str, value: str, holds: bool, there: list[Any]) -> bool:  # noqa: FBT001 - a premise
    """Another partition, an argument that turns out to be null, and what contradicts that the record is there."""
    return (
        (value == "null" and holds)
        or (key.rstrip("|").endswith("!= null") and not holds)
        or (key == "AWS::Partition" and value == "aws" and not holds)
        or [key, value, not holds] in there
    )


def _is_open(value: Any) -> bool:
    """Whether a part of it is not known: what a program says that the module runs, what AWS does."""
    text = json.dumps(value)
    return '["unknown", ' in text or ".data." in text or "docker_registry_image" in text
