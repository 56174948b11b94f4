"""Manifests that hold anything at any place: something is read or told, and nothing is raised."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.errors import NothingToScan
from stockade.inputs.load import load

DIGEST = "ab" * 32
MANIFEST = {
    "version": "55.0.0",
    "artifacts": {
        "inner": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-B", "displayName": "B"}},
        "Shop.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Shop.assets.json"}},
        "Shop": {
            "type": "aws:cloudformation:stack",
            "environment": "aws://123456789012/eu-west-1",
            "displayName": "Shop",
            "additionalMetadataFile": "Shop.metadata.json",
            "properties": {"templateFile": "Shop.template.json", "stackName": "Shop"},
            "metadata": {"/Shop": [{"type": "aws:cdk:templateFile", "data": "Shop.template.json"}]},
        },
    },
    "missing": [{"key": "x"}],
}
ASSETS = {
    "files": {DIGEST: {"source": {"path": f"asset.{DIGEST}"}, "destinations": {"x": {"objectKey": f"{DIGEST}.zip"}}}},
    "dockerImages": {"i": {"source": {"directory": "asset.i"}, "destinations": {"x": {"imageTag": DIGEST}}}},
}
METADATA = {
    "/Shop/F/Resource": [
        {"type": "aws:cdk:logicalId", "data": "F1", "trace": ["new F (/x/y.js:1:2)"]},
        {"type": "aws:cdk:creationStack", "data": ["new F (/x/y.js:1:2)"]},
        {"type": "aws:cdk:asset", "data": {"path": "x.template.json", "s3KeyParameter": "k"}},
    ]
}
TEMPLATE = {
    "Resources": {
        "F1": {"Type": "AWS::Lambda::Function", "Properties": {"Role": "r", "Code": {"S3Key": f"{DIGEST}.zip"}}}
    }
}
FILES = {"manifest.json": MANIFEST, "Shop.assets.json": ASSETS, "Shop.metadata.json": METADATA}
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        1,
        "",
        [],
        {},
        "..",
        "../x",
        "a\0b",
        "/etc/passwd",
        ["x"],
        {"a": []},
        "aws://",
        "x" * 5000,
        True,
        ".",
        "assembly-B",
    ]
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, own in inner for place in _places(own, (*path, key)))]


def _put(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _put(value[path[0]], path[1:], odd)
    return copy


PLACES = [(name, place) for name, held in FILES.items() for place in _places(held)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(PLACES), odd=ODD)
def test_nothing_is_raised(tmp_path: Path, place: tuple[str, tuple[Any, ...]], odd: Any) -> None:
    folder = tmp_path / "cdk.out"
    (folder / "assembly-B").mkdir(parents=True, exist_ok=True)
    (folder / "Shop.template.json").write_text(json.dumps(TEMPLATE))
    (folder / "assembly-B" / "manifest.json").write_text(json.dumps({"version": "1", "artifacts": {}}))
    for name, held in FILES.items():
        (folder / name).write_text(json.dumps(_put(held, place[1], odd) if name == place[0] else held))
    try:
        app = load(tmp_path)
    except NothingToScan:
        return
    assert app.functions or app.gaps
