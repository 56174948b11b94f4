"""Everything that AWS publishes of Lambda's resource types is read, or it is said why it is not.

By the schemas that cfn-lint ships: a type or property that comes with a newer release fails here until somebody decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stockade.inputs.cloudformation.tables import tables
from stockade.inputs.cloudformation.tables.surface import UNREAD
from stockade.inputs.lens import LISTS
from stockade.inputs.load import load
from tests.oracles.test_cloudformation_schemas import _options, _schemas

_FOLDER, _INDEX = _schemas()
TYPES = sorted(type_ for type_ in _INDEX if type_.startswith("AWS::Lambda::"))


def _leaves(schema: Any, root: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of everything that can be written."""
    options = [option for option in _options(schema, root) if isinstance(option, dict)]
    properties = {name: inner for option in options for name, inner in option.get("properties", {}).items()}
    items = [option["items"] for option in options if "items" in option]
    if properties:
        for name, inner in properties.items():
            yield from _leaves(inner, root, (*path, name))
    elif items and any("properties" in o for o in _options(items[0], root) if isinstance(o, dict)):
        yield from _leaves(items[0], root, (*path, "*"))
    else:
        yield path


def _schema(type_: str) -> Any:
    return json.loads((_FOLDER / f"{_INDEX[type_]}.json").read_text(encoding="utf-8"))


def _covers(path: tuple[str, ...], leaf: tuple[str, ...], *, whole: bool) -> bool:
    if len(path) > len(leaf):
        return leaf == path[: len(leaf)]  # below a block of any shape
    return path == leaf if not whole else path == leaf[: len(path)]


@pytest.mark.parametrize("type_", TYPES)
def test_every_property_is_read_or_said_to_be_unread(type_: str) -> None:
    assert type_ in tables(), "a resource type without a table"
    root = _schema(type_)
    lenses = tables()[type_].fields.values()
    read = [(path, lens.read in LISTS) for lens in lenses for path in (lens.path, *lens.also)]
    unread = [tuple(path.split(".")) for path in UNREAD.get(type_, {})]
    left = [
        ".".join(leaf)
        for leaf in _leaves(root, root)
        if not any(_covers(path, leaf, whole=whole) for path, whole in read)
        and not any(_covers(path, leaf, whole=True) for path in unread)
    ]
    assert left == []


@pytest.mark.parametrize("type_", sorted(UNREAD))
def test_what_is_said_to_be_unread_is_there_and_is_not_read(type_: str) -> None:
    root = _schema(type_)
    leaves = list(_leaves(root, root))
    paths = [path for lens in tables()[type_].fields.values() if not lens.by for path in (lens.path, *lens.also)]
    for unread in UNREAD[type_]:
        path = tuple(unread.split("."))
        assert any(_covers(path, leaf, whole=True) for leaf in leaves), f"{type_} has no `{unread}`"
        assert path not in paths, f"`{unread}` of {type_} is read"


def test_what_no_table_knows_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(
        "Resources:\n"
        "  Fn: {Type: AWS::Lambda::Function, Properties: {Role: r, Code: {ZipFile: x}, Teleport: true}}\n"
        "  New: {Type: AWS::Lambda::Teleporter}\n",
        encoding="utf-8",
    )
    assert [gap.what for gap in load(tmp_path).gaps] == ["`Teleport` of `Fn`", "`New` (AWS::Lambda::Teleporter)"]
