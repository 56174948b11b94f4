"""Regular expressions: what Python's `re` answers, our own machine must answer too, and in time."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.inputs.terraform.functions import _regex
from stockade.inputs.terraform.terms import NotKnown, Wrong

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "^", "$", "\\b", "(?i:A)", "c"])


def _more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return (
        st.tuples(inner, st.sampled_from(["*", "+", "?", "*?", "{1,2}", "{2}"])).map(lambda p: f"(?:{p[0]}){p[1]}")
        | st.tuples(inner, inner).map("".join)
        | st.tuples(inner, inner).map(lambda p: f"(?:{p[0]}|{p[1]})")
        | inner.map(lambda p: f"({p})")
    )


@given(st.recursive(ATOMS, _more, max_leaves=6), st.text("abc1\n", max_size=8))
def test_both_ways_find_the_same(pattern: str, text: str) -> None:
    regex = _regex.compiled(pattern)
    machine = _regex.Regex(regex._tree, regex.names)
    machine._freedom = None
    if regex._freedom is None:
        return  # where they may differ, only the machine is asked
    assert list(regex.all(text)) == list(machine.all(text))


@given(st.text(max_size=12))
def test_nothing_breaks_the_reader(pattern: str) -> None:
    try:
        _regex.compiled(pattern).search("abc")
    except (Wrong, NotKnown):
        return


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "^(a|a)*$", "(a|aa)+$", "(.*)*b", "a*a*a*a*a*a*b", "a*a*a*b", "^(a?a)*$", ".*.*.*x"]
)
def test_no_expression_takes_long(pattern: str) -> None:
    began = time.process_time()
    assert _regex.compiled(pattern).search("a" * 300 + "c") is None
    assert time.process_time() - began < 5


def test_what_would_take_too_long_is_not_known() -> None:
    with pytest.raises(NotKnown):
        _regex.compiled("(a|b)*c").search("ab" * 2_000_000)


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "[", "a**", "*", "(?=a)", "(?<!a)", "\\1", "\\Z", "(?P<>a)", "x{2,1}", "x{1001}", "(x{100}){100}", "\\"],
)
def test_what_is_no_expression(pattern: str) -> None:
    with pytest.raises(Wrong):
        _regex.compiled(pattern)


def test_deep_nesting_is_not_read() -> None:
    with pytest.raises(NotKnown):
        _regex.compiled("(" * 5000 + "a" + ")" * 5000)


def test_classes_of_unicode() -> None:
    found = _regex.compiled("\\p{Lu}+").search("a\u00c9B")
    assert found == (1, 3)
    with pytest.raises(NotKnown):
        _regex.compiled("\\p{Greek}")


@given(st.text("ab$x{}1", max_size=6), st.text("ab", max_size=6))
def test_replacements_without_names_are_pythons(template: str, text: str) -> None:
    if "$" in template:
        return
    assert _regex.compiled("a").replace(text, template) == re.sub("a", lambda _: template, text)
