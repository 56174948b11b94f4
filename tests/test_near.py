"""What somebody may have meant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stockade.near import did_you_mean, near, nearest

LONGER = ["GetInvocationJob", "GetInvocationLoggingConfiguration"]


def test_a_letter_or_a_case_beside() -> None:
    assert nearest("GetObjekt", ["GetObject", "PutObject"]) == "GetObject"
    assert nearest("getobject", ["GetObject", "GetObjects"]) == "GetObject"
    assert nearest("xyz", ["GetObject"]) == ""
    assert nearest("x", []) == ""


def test_what_goes_on_where_a_name_ends_is_nearer() -> None:
    assert nearest("GetInvocationLogging", LONGER) == "GetInvocationLoggingConfiguration"
    assert nearest("Get", LONGER) == ""
    assert near("queue", ["queue_of_orders", "queues", "que"]) == ["queues", "que"]


def test_questions() -> None:
    assert did_you_mean("jsn", ["json", "text"]) == "did you mean `json`?"
    assert did_you_mean("scan", ["scam", "span", "fix"], most=2) == "did you mean `span` or `scam`?"
    assert did_you_mean("jsn", ["markdown"]) == ""


@given(st.text(max_size=8), st.lists(st.text(max_size=8), max_size=6))
def test_whatever_is_near_is_there(name: str, names: list[str]) -> None:
    found = near(name, names)
    assert set(found) <= set(names)
    assert len(found) == len(set(found)) <= 3
    if name in names and len({each for each in names if each.casefold() == name.casefold()}) == 1 and name:
        assert found[0] == name


def test_of_a_name_without_end_the_beginning_is_looked_at() -> None:
    assert near("a" * 100 + "b" * 1_000_000, ["a" * 100, "b" * 100]) == ["a" * 100]
