"""Places of keys in TOML: every key that tomllib reads has one, and it is where the key is written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.text.document import Document
from stockade.text.toml import Path, places

FULL = r'''
title = "a # b" # comment
dotted."quoted \u00e9 key".'it''s' = 1
multi = """
[not.a.table]
x = 1 \
""""
raw = """a"b"""
list = [ "a", # one
  ["b", { c = 1, d = [ 2 ] }],
  3,
]
date = 1979-05-27T07:32:00Z
[rules.public-function-url]
severity = "low"
[[per-path]]
path = "a"
[per-path.severity]
x = "low"
[[per-path]]
path = "b"
severity = { y = 'high' }
[ a . "b c" ]
d = -inf
'''.replace("'it''s'", "'its'")


def paths(value: object, at: Path = ()) -> Iterator[Path]:
    """The path of everything in what tomllib read."""
    items: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for key, inner in items:
        yield (*at, key)
        yield from paths(inner, (*at, key))


def test_everything_that_is_read_has_its_place() -> None:
    document = Document("a.toml", FULL)
    found = places(document)
    assert set(found) == set(paths(tomllib.loads(FULL)))
    assert found["rules", "public-function-url", "severity"].text == "severity"
    assert found["per-path", 1, "severity", "y"].text == "y"
    assert found["per-path", 0, "severity"].text == "per-path.severity"
    assert found["list", 1, 1, "d", 0].text == "2"
    assert found["a", "b c"].line == FULL.count("\n", 0, FULL.index("[ a .")) + 1


_KEYS = st.text(min_size=1, max_size=6).filter(lambda t: t.isprintable())
_LEAVES = st.one_of(st.integers(-9, 9), st.booleans(), st.text(max_size=8))
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3), max_leaves=8
)


def quoted(text: str) -> str:
    """A basic string of TOML."""
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text) + '"'


def written(value: object) -> str:
    """A value as TOML has it on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(k)} = {written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return quoted(value) if isinstance(value, str) else str(value)


@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_whatever_can_be_written_is_found(data: dict[str, object]) -> None:
    text = "".join(f"{quoted(key)} = {written(value)}\n" for key, value in data.items())
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        pytest.skip("a half of a character")
    assert set(places(Document("a.toml", text))) == set(paths(read))
