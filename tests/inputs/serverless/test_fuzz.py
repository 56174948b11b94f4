"""Services in which anything stands anywhere: whatever it is, there is no crash, and the rest is read."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade import api
from stockade.errors import NothingToScan
from tests.oracles.serverless_maker import service

ODD: tuple[Any, ...] = (
    None, 0, -1, 3.5, True, False, "", "x", "${self:custom.none}", "${ssm:/x}", "${env:X, 'y'}", "${self:", "a${opt:stage}b",
    "${file(../x.yml)}", "arn:aws:x", [], [None], [[]], {}, {"a": None}, {"Ref": "Nothing"}, {"Fn::GetAtt": ["A"]},
    {"Fn::Sub": []}, {"Fn::If": [1]}, {"Ref": "Queue"}, "é\u2028", "x" * 5000,
)  # fmt: skip


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [p for key, inner in items for p in ((*path, key), *_places(inner, (*path, key)))]


def mutated(seed: int) -> str:
    """A service with something odd at a few places; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    whole: Any = yaml.safe_load(service(chance.randrange(1000)))
    for _ in range(chance.randint(1, 4)):
        path = chance.choice(
            [p for p in _places(whole) if p not in {("service",), ("provider",), ("provider", "name")}]
        )
        at = whole
        for key in path[:-1]:
            at = at[key]
        if chance.random() < 0.2 and isinstance(at, dict):
            at[chance.choice(["Fn::Transform", "Ref", "x", "9", "${self:a}"])] = at.pop(path[-1])
        else:
            at[path[-1]] = chance.choice(ODD)
    text: str = yaml.safe_dump(whole, sort_keys=False, allow_unicode=True)
    return text


@given(st.integers(min_value=0, max_value=10**9))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_nothing_crashes(tmp_path: Path, seed: int) -> None:
    text = mutated(seed)
    (tmp_path / "serverless.yml").write_text(text, encoding="utf-8")
    try:
        result = api.scan(tmp_path)
    except NothingToScan:
        return
    assert not [gap for gap in result.gaps if gap.kind == "rule-crashed"], text
    assert len(list(result.rows)) == len(result.app.functions) * len([r for r in result.rules if not r.is_meta])
