"""The packs follow from the locked releases of their sources, byte for byte before they are compressed."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import msgspec
from scripts.knowledge import build_iam, build_operations

from stockade.knowledge import iam
from stockade.knowledge._data import path_of
from stockade.knowledge.iam import _actions
from stockade.knowledge.iam._pack import Header, Pack, pack


def unpacked(data: bytes, tmp: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    """A pack's provenance and parts: libraries may compress the same content in different ways."""
    (tmp / "made.pack").write_bytes(data)
    made = Pack(tmp / "made.pack", Header, dict)
    return msgspec.to_builtins(made.header.provenance), {name: made._bytes(name) for name in made.header.parts}


def test_operations_are_what_their_sources_give(tmp_path: Any) -> None:
    (botocore,) = (source for source in iam.operations_provenance().sources if source.name == "botocore")
    assert version("botocore") == botocore.version
    data, counts = build_operations.build(botocore.date.isoformat())
    assert unpacked(data, tmp_path) == unpacked(path_of("operations.pack").read_bytes(), tmp_path)
    assert counts["unknown"] < 650
    assert counts["same name"] > 18_500


def test_actions_are_what_their_sources_give() -> None:
    # Dependent actions, and the resources of some actions, are of a package that is not locked: they are taken as they are.
    titles = build_iam.load("serviceNames.json")
    shipped = Pack("iam.pack", Header, _actions._Part)
    for name, part in shipped.parts().items():
        needed = {part.names[row].lower(): tuple(actions) for row, actions in part.depends.items()}
        others = {}
        if name in build_iam.TWO_PAGES:
            others = {
                verb.lower(): [part.types[use >> 1] for use in part.uses[row]] for row, verb in enumerate(part.names)
            }
        made = build_iam.service_part(name, titles[name], needed, others)
        assert msgspec.msgpack.encode(made) == shipped._bytes(name), name


def test_managed_policies_are_what_their_source_gives(tmp_path: Any) -> None:
    (moto,) = iam.managed_provenance().sources
    assert version("moto") == moto.version
    data = build_iam.managed(moto.date.isoformat())
    assert unpacked(data, tmp_path) == unpacked(path_of("managed.pack").read_bytes(), tmp_path)


def test_the_same_content_gives_the_same_bytes() -> None:
    parts = {"b": {"x": [1, 2]}, "a": ["y"]}
    assert pack({"provenance": {}}, parts) == pack({"provenance": {}}, parts)
