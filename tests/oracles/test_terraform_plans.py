"""Our evaluator against `terraform plan`: the same instances, and the same values of all that is stated of them.

`terraform/modules` holds configurations of our own, each about one part of the language; `terraform/plans` what Terraform
and the AWS provider planned for them, for the one-feature cases and for the example application (recorded by
`record_plans.py` and `record_example.py` of `scripts/oracles`; `digest.py` there says what a digest holds). An attribute that
the plan knows must be known to us and equal. Where Terraform itself can't tell before apply, we must not either, but for what
is listed here with the value that holds whatever the unknown turns out to be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from scripts.oracles.digest import secret

from stockade.inputs.terraform.tables import tables

HERE = Path(__file__).parent / "terraform"
MODULES = HERE / "modules"
PLANS = HERE / "plans"
EXAMPLES = Path(__file__).parents[2] / "examples"
ONE_FEATURE = Path(__file__).parents[1] / "fixtures" / "one_feature_terraform"

# What Terraform leaves for apply although no outcome of it could change the value: by module, and place in an instance.
ALSO_KNOWN: dict[tuple[str, str], object] = {
    ("unknowns", "terraform_data.derived.input.same_choice"): "a",  # both branches of the condition
    ("unknowns", "terraform_data.derived.input.and"): False,  # `false && …`
    ("unknowns", "terraform_data.derived.input.or"): True,  # `… || true`
    ("unknowns", "terraform_data.derived.input.can"): True,  # an attribute that the resource has
    ("unknowns", "terraform_data.derived.input.output"): {"text": "known", "list": ["a", "b"]},  # it is the input
}
# What the provider makes of null where it is not the zero of the type: by type and attribute.
FILLED: dict[tuple[str, str], object] = {
    ("aws_lambda_function", "reserved_concurrent_executions"): -1,
}
# What only the provider's schema tells: a reference to an attribute that is not stated, and has a default there.
DEFAULTED = {
    ("orders-terraform", 'aws_cloudwatch_event_target.nightly_report["every_night"].event_bus_name'),
}
# What we say otherwise on purpose: by root and attribute.
OTHERWISE = {
    ("orders-terraform", "filename"),  # not where `archive_file` puts the archive, but the code that goes into it
}


class Case(NamedTuple):
    """One planned scene of a root."""

    name: str
    folder: Path
    variables: dict[str, str]
    planned: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.name}[{','.join(f'{name}={value}' for name, value in self.variables.items())[:60]}]"


def recorded() -> Iterator[Case]:
    """Every scene that was recorded."""
    for file in sorted(PLANS.rglob("*.json")):
        if file.parent.name == "facts":
            continue
        folder = {"one_feature": ONE_FEATURE, "examples": EXAMPLES}.get(file.parent.name, MODULES) / file.stem
        for scene in json.loads(file.read_text(encoding="utf-8"))["scenes"]:
            yield Case(file.stem, folder, scene["variables"], scene["resources"])


CASES = list(recorded())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_we_say_what_terraform_plans(case: Case) -> None:
    from stockade.inputs.terraform.modules import UNKNOWN
    from stockade.inputs.terraform.read import evaluate_root

    ours = evaluate_root(case.folder, case.variables)
    missing = sorted(case.planned.keys() - ours.keys())
    invented = sorted(ours.keys() - case.planned.keys())
    wrong = [f"Terraform plans {address}, and we do not" for address in missing]
    wrong += [f"we make {address}, and Terraform does not" for address in invented]
    for address, held in case.planned.items():
        if address in ours:
            compare = Compare(case.name, UNKNOWN, converts=held["type"] != "terraform_data")
            wrong += compare.instance(address, ours[address], held)
    assert not wrong, "\n".join([str(case), *wrong])


def test_every_module_is_recorded_in_every_scene() -> None:
    from scripts.oracles.record_plans import scenes

    assert len([folder for folder in MODULES.iterdir() if folder.is_dir()]) >= 15
    for folder in [*MODULES.iterdir(), *ONE_FEATURE.iterdir()]:
        told = [case.variables for case in CASES if case.folder == folder]
        assert told == list(scenes(folder)), folder.name


class Compare:
    """Compares what we say of an instance with what was planned; each difference is a line."""

    def __init__(self, root: str, unknown: object, *, converts: bool) -> None:
        self.root = root
        self.unknown = unknown
        self.converts = converts  # whether the provider converts what it is given to the type that it wants

    def instance(self, address: str, ours: Mapping[str, Any], planned: Mapping[str, Any]) -> list[str]:
        """What we say of tags holds those that the provider adds by default, which a plan tells of apart."""
        values = planned["values"]
        if "tags_all" in planned:
            values = {**values, "tags": planned["tags_all"]}
        kind = planned.get("type", "")
        left = {
            name
            for name in values
            if (self.root, name) in OTHERWISE
            or (name == "tags" and name not in ours and kind not in tables())  # of what is not looked into
            or (name in ours and ours[name] is None and FILLED.get((kind, name)) == values[name])
            or (ours.get(name) is self.unknown and (self.root, f"{address}.{name}") in DEFAULTED)
        }
        ours, values = ({name: held for name, held in each.items() if name not in left} for each in (ours, values))
        return list(self.body(address, ours, values, zeros=False))

    def body(self, at: str, ours: Mapping[str, Any], planned: Mapping[str, Any], *, zeros: bool) -> Iterator[str]:
        """A resource or block.

        The provider may make null the zero of its type; with `zeros`, also what is not stated, as in sets of blocks.
        """
        for name in sorted(ours.keys() | planned.keys()):
            place, said = f"{at}.{name}", ours.get(name)
            if name not in planned:
                if said is not None and said not in ([], {}):
                    yield f"{place}: we say {said!r}, and nothing is planned"
            elif said is None and (zeros or name in ours) and planned[name] in ("", False, 0, []):
                continue
            elif isinstance(planned[name], dict) and planned[name].keys() & {"$blocks", "$block_set"}:
                yield from self.blocks(place, said, planned[name])
            else:
                yield from self.value(place, said, planned[name])

    def blocks(self, at: str, ours: Any, planned: Mapping[str, Any]) -> Iterator[str]:
        bodies = [ours] if isinstance(ours, dict) else ours
        if not isinstance(bodies, list | tuple) or not all(isinstance(body, dict) for body in bodies):
            yield f"{at}: we say {ours!r}, and {_show(planned)} is planned"
        elif "$blocks" in planned:
            if len(bodies) != len(planned["$blocks"]):
                yield f"{at}: {len(bodies)} blocks, and {len(planned['$blocks'])} are planned"
                return
            for index, (body, other) in enumerate(zip(bodies, planned["$blocks"], strict=True)):
                yield from self.body(f"{at}[{index}]", body, other, zeros=False)
        else:
            yield from self.members(
                at, bodies, planned["$block_set"], lambda body, other: self.body(at, body, other, zeros=True)
            )

    def members(self, at: str, ours: Any, planned: list[Any], differences: Any) -> Iterator[str]:
        """The members of a set, in whatever order; one that is given twice is there once."""
        left = list(planned)
        used: list[Any] = []
        for member in ours:
            if any(not list(differences(member, other)) for other in used):
                continue
            found = next((other for other in left if not list(differences(member, other))), None)
            if found is None:
                yield f"{at}: we have a member {member!r}, and of {_show(left)} it is none"
            else:
                left.remove(found)
                used.append(found)
        if left:
            yield f"{at}: {_show(left)} is planned too, and we do not have it"

    def value(self, at: str, ours: Any, planned: Any) -> Iterator[str]:
        marks = planned if isinstance(planned, dict) else {}
        if marks.keys() & {"$unknown", "$asked", "$pending", "$write_only"}:
            yield from self.not_known(at, ours, marks)
        elif ours is self.unknown:
            yield f"{at}: we do not know it, and {_show(planned)} is planned"
        elif marks.keys() & {"$secret", "$json"}:
            if not _hides(ours, marks) and not _encodes(ours, marks):
                yield f"{at}: we say something else than is planned, {_show(planned)}"
        elif "$set" in marks and isinstance(ours, list | tuple):
            yield from self.members(at, ours, marks["$set"], lambda member, other: self.value(at, member, other))
        elif isinstance(planned, dict) and isinstance(ours, dict):
            for name in sorted(ours.keys() ^ planned.keys()):
                yield f"{at}.{name}: {'we' if name in ours else 'Terraform'} alone has it"
            for name in sorted(ours.keys() & planned.keys()):
                yield from self.value(f"{at}.{name}", ours[name], planned[name])
        elif isinstance(planned, list) and isinstance(ours, list | tuple) and len(ours) == len(planned):
            for index, (item, other) in enumerate(zip(ours, planned, strict=True)):
                yield from self.value(f"{at}[{index}]", item, other)
        elif not self.same(ours, planned):
            yield f"{at}: we say {ours!r}, and {_show(planned)} is planned"

    def not_known(self, at: str, ours: Any, marks: Mapping[str, Any]) -> Iterator[str]:
        """Terraform can't tell: of a collection it often says so as a whole where we know some members."""
        if "$write_only" in marks or self.holds_unknown(ours):
            return
        if marks.get("$unknown") == "computed" and ours in (None, [], {}):
            return
        if "$pending" in marks:
            if not _says(ours, marks["$pending"]):
                yield f"{at}: we say {ours!r}, and a document with {_show(marks['$pending'])} is to be read"
            return
        also = ALSO_KNOWN.get((self.root, at))
        if also is None or self.plain_text(ours) != self.plain_text(also):
            yield f"{at}: we say {ours!r}, and Terraform can't tell before apply"

    def holds_unknown(self, ours: Any) -> bool:
        if isinstance(ours, dict):
            return any(self.holds_unknown(value) for value in ours.values())
        if isinstance(ours, list | tuple):
            return any(self.holds_unknown(value) for value in ours)
        return ours is self.unknown

    def plain_text(self, value: Any) -> str:
        return json.dumps(_plain(value), sort_keys=True)

    def same(self, ours: Any, planned: Any) -> bool:
        if isinstance(ours, bool) or isinstance(planned, bool) or isinstance(ours, str) or isinstance(planned, str):
            if type(ours) is type(planned):
                return bool(ours == planned)
            return self.converts and _text(ours) is not None and _text(ours) == _text(planned)
        if isinstance(ours, int | float | Decimal) and isinstance(planned, int | float):
            return Decimal(str(ours)) == Decimal(str(planned))
        return ours is None and planned is None


def _hides(ours: Any, marks: Mapping[str, Any]) -> bool:
    return marks.get("$secret") in {secret(_plain(ours)), secret(_text(ours) or "")}


def _encodes(ours: Any, marks: Mapping[str, Any]) -> bool:
    try:
        return isinstance(ours, str) and "$json" in marks and _ordered(json.loads(ours)) == _ordered(marks["$json"])
    except ValueError:
        return False


def _ordered(document: Any) -> Any:
    """A policy with the lists in its statements sorted, which mean the same in any order; anything else as it is."""
    if isinstance(document, dict) and isinstance(document.get("Statement"), list | dict):
        return {**document, "Statement": _sorted_lists(document["Statement"], outermost=True)}
    return document


def _sorted_lists(value: Any, *, outermost: bool = False) -> Any:
    if isinstance(value, dict):
        return {name: _sorted_lists(inner) for name, inner in value.items()}
    if isinstance(value, list):
        items = [_sorted_lists(item) for item in value]
        return items if outermost else sorted(items, key=_show)
    return value


def _says(ours: Any, planned: list[dict[str, Any]]) -> bool:
    """Whether a text is the policy with these statements; lists are in an order that the provider makes."""
    names = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
    stated = json.loads(ours)["Statement"] if isinstance(ours, str) else []
    if len(stated) != len(planned):
        return False
    for mine, other in zip(stated, planned, strict=True):
        for name, element in names.items():
            held = mine.get(element, [])
            if sorted([held] if isinstance(held, str) else held) != sorted(other.get(name, [])):
                return False
        conditions = sorted([test, key] for test, keys in mine.get("Condition", {}).items() for key in keys)
        if conditions != other.get("conditions", []):
            return False
        if (mine["Effect"], mine.get("Sid")) != (other["effect"], other.get("sid")):
            return False
    return True


def _text(value: Any) -> str | None:
    """A scalar as Terraform converts it to a text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        text = format(Decimal(str(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return None


def _plain(value: Any) -> Any:
    """With numbers as JSON has them."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _show(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


# ------------------------------------------------------------------------------------------ the comparison itself


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


_NONE = _Unknown()


@pytest.mark.parametrize(
    ("ours", "planned"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a": Decimal("0.30")}, {"a": 0.3}),
        ({"a": "512", "b": True}, {"a": 512, "b": "true"}),
        ({"a": _NONE}, {"a": {"$unknown": True}}),
        ({"a": {"b": _NONE, "c": 1}}, {"a": {"$unknown": True}}),
        ({"a": _NONE}, {"a": {"$asked": True}}),
        ({"a": None}, {"a": {"$unknown": "computed"}}),
        ({"a": None}, {"a": 0}),
        ({"a": None, "b": [], "c": {}}, {}),
        ({"a": ["y", "x", "y"]}, {"a": {"$set": ["x", "y"]}}),
        ({"a": '{"y": 1, "x": [2]}'}, {"a": {"$json": {"x": [2], "y": 1}}}),
        (
            {"a": '{"Statement": [{"Action": ["b", "a"]}]}'},
            {"a": {"$json": {"Statement": [{"Action": ["a", "b"]}]}}},
        ),
        ({"a": "hidden"}, {"a": {"$secret": secret("hidden")}}),
        ({"a": {"b": ["hidden"]}}, {"a": {"$secret": secret({"b": ["hidden"]})}}),
        ({"a": [{"b": 1}]}, {"a": {"$blocks": [{"b": 1}]}}),
        ({"a": {"b": 1}}, {"a": {"$blocks": [{"b": 1}]}}),
        ({"a": [{"b": 2}, {"b": 1, "c": ""}]}, {"a": {"$block_set": [{"b": 1, "c": ""}, {"b": 2, "c": ""}]}}),
        ({"a": "anything"}, {"a": {"$write_only": True}}),
        ({"a": _NONE}, {"a": {"$pending": []}}),
        (
            {"a": '{"Statement": [{"Effect": "Allow", "Action": ["b", "a"], "Resource": "*"}]}'},
            {"a": {"$pending": [{"effect": "Allow", "actions": ["a", "b"], "resources": ["*"]}]}},
        ),
        ({"tags": {"a": "b"}}, {"tags_all": {"a": "b"}}),
    ],
)
def test_what_is_equal_is_taken_as_equal(ours: dict[str, Any], planned: dict[str, Any]) -> None:
    held = {"values": {name: value for name, value in planned.items() if name != "tags_all"}, **planned}
    assert Compare("", _NONE, converts=True).instance("x.y", ours, held) == []


@pytest.mark.parametrize(
    ("ours", "planned"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": "1"}, {"a": 1}),
        ({"a": True}, {"a": 1}),
        ({}, {"a": 1}),
        ({}, {"a": 0}),
        ({"a": None}, {"a": 1}),
        ({"a": 1}, {}),
        ({"a": _NONE}, {"a": 1}),
        ({"a": "known"}, {"a": {"$unknown": True}}),
        ({"a": None}, {"a": {"$unknown": True}}),
        ({"a": "guessed"}, {"a": {"$asked": True}}),
        (
            {"a": '{"Statement": [{"Effect": "Allow", "Action": ["b", "a"], "Resource": "*"}]}'},
            {"a": {"$pending": [{"effect": "Allow", "actions": ["a"], "resources": ["*"]}]}},
        ),
        ({"a": "known"}, {"a": {"$unknown": "computed"}}),
        ({"a": ["x"]}, {"a": {"$set": ["x", "y"]}}),
        ({"a": ["x", "y", "z"]}, {"a": {"$set": ["x", "y"]}}),
        ({"a": ["y", "x"]}, {"a": ["x", "y"]}),
        ({"a": {"b": None}}, {"a": {}}),
        ({"a": "no JSON"}, {"a": {"$json": {}}}),
        ({"a": '{"x": 1}'}, {"a": {"$json": {"x": 2}}}),
        ({"a": '{"x": [2, 1]}'}, {"a": {"$json": {"x": [1, 2]}}}),
        (
            {"a": '{"Statement": [{"Action": "b"}, {"Action": "a"}]}'},
            {"a": {"$json": {"Statement": [{"Action": "a"}, {"Action": "b"}]}}},
        ),
        ({"a": "shown"}, {"a": {"$secret": secret("hidden")}}),
        ({"a": _NONE}, {"a": {"$secret": secret("hidden")}}),
        ({"a": []}, {"a": {"$blocks": [{"b": 1}]}}),
        ({"a": [{"b": 1}, {"b": 1}]}, {"a": {"$blocks": [{"b": 1}]}}),
        ({"a": [{"b": 1}]}, {"a": {"$blocks": [{"b": 1, "c": ""}]}}),
        ({"a": [{"b": 2}]}, {"a": {"$block_set": [{"b": 1}]}}),
        ({"tags": {"a": "b"}}, {"tags": {"a": "b"}, "tags_all": {"a": "b", "c": "d"}}),
    ],
)
def test_what_differs_is_told(ours: dict[str, Any], planned: dict[str, Any]) -> None:
    held = {"values": {name: value for name, value in planned.items() if name != "tags_all"}, **planned}
    assert Compare("", _NONE, converts=False).instance("x.y", ours, held)


def test_every_exception_is_about_something_planned() -> None:
    instances = [(case.name, address, held) for case in CASES for address, held in case.planned.items()]
    for (kind, name), value in FILLED.items():
        assert any(held["type"] == kind and held["values"].get(name) == value for _, _, held in instances)
    for root, place in DEFAULTED:
        assert any(name == root and place.startswith(f"{address}.") for name, address, _ in instances)
    for root, attribute in OTHERWISE:
        assert any(name == root and attribute in held["values"] for name, _, held in instances)


def test_what_is_also_known_is_in_a_digest() -> None:
    for root, place in ALSO_KNOWN:
        address, path = re.split(r"(?<=\w)\.(?=input)", place, maxsplit=1)
        [case] = [case for case in CASES if case.name == root]
        held: Any = case.planned[address]["values"]
        for name in path.split("."):
            held = held[name]
        assert held == {"$unknown": True}
