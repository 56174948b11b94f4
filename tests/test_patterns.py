from __future__ import annotations

import re

import pytest

from stockade.patterns import regex


def test_an_expression_works_as_a_compiled_one() -> None:
    written = regex(r"(?P<name>[a-z]+)=(\d+)", re.IGNORECASE)
    match = written.match

    found = match("A=1")
    assert found is not None
    assert found.groups() == ("A", "1")
    assert written.fullmatch("a=1b") is None
    assert written.sub("-", "a=1 b=2") == "- -"
    assert [m[2] for m in written.finditer("a=1 b=2")] == ["1", "2"]
    assert (written.groups, dict(written.groupindex)) == (2, {"name": 1})
    assert (written.pattern, written.flags) == (r"(?P<name>[a-z]+)=(\d+)", re.IGNORECASE)


def test_an_expression_is_compiled_when_it_is_first_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile

    def counted(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile_(pattern, flags)

    monkeypatch.setattr(re, "compile", counted)

    written = regex("a+")
    assert (written.pattern, repr(written), compiled) == ("a+", "regex('a+', 0)", [])

    assert written.search("ba")
    assert written.search("ab")
    assert compiled == ["a+"]


def test_what_no_expression_has_is_not_there() -> None:
    assert not hasattr(regex("a"), "groupby")
