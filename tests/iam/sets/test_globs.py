"""Sets of texts against brute force: every short word, and regular expressions that say what the patterns mean."""

from __future__ import annotations

import itertools
import re
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.iam.sets import globs
from stockade.iam.sets.globs import ANY, FIELD, ONE, ONE_IN_FIELD, Budget, OutOfBudgetError, Words, language

FREE, NAME = globs.atom(0, colons=True), globs.atom(1, colons=False)
EITHER = globs.either_case("a")
MEANING = {ANY: ".*", ONE: ".", FIELD: "[^:]*", ONE_IN_FIELD: "[^:]", EITHER: "[aA]"}
WORDS = ["".join(letters) for length in range(5) for letters in itertools.product("aAb:", repeat=length)]

patterns = st.lists(st.sampled_from(["a", "b", ":", ANY, ONE, FIELD, ONE_IN_FIELD, EITHER]), max_size=5).map("".join)
unknown = st.lists(st.sampled_from(["a", "b", ":", ANY, ONE, FIELD, FREE, NAME]), max_size=4).map("".join)


@cache
def expression(pattern: str, values: tuple[tuple[str, str], ...] = ()) -> re.Pattern[str]:
    known = dict(values)
    return re.compile("".join(MEANING.get(c) or re.escape(known.get(c, c)) for c in pattern), re.DOTALL)


def fits(
    word: str, inside: list[list[str]], outside: list[list[str]], values: tuple[tuple[str, str], ...] = ()
) -> bool:
    def within(patterns_: list[str]) -> bool:
        return any(expression(each, values).fullmatch(word) for each in patterns_)

    return all(map(within, inside)) and not any(map(within, outside))


def find(inside: list[list[str]], outside: list[list[str]]) -> str | None:
    return Words(Budget(10**7)).find(map(language, inside), map(language, outside))


@given(
    st.lists(st.lists(patterns, min_size=1, max_size=3), min_size=1, max_size=3),
    st.lists(st.lists(patterns, max_size=4), max_size=3),
)
@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_text_is_found_if_and_only_if_there_is_one(inside: list[list[str]], outside: list[list[str]]) -> None:
    found = find(inside, outside)
    if found is None:
        assert not any(fits(word, inside, outside) for word in WORDS)
    else:
        assert fits(found, inside, outside)


VALUES = [((FREE, free), (NAME, name)) for free in ("a", "b", "ab", "a:b", ":", "A") for name in ("a", "b", "ab", "A")]


@given(
    st.lists(st.lists(unknown, min_size=1, max_size=2), min_size=1, max_size=2),
    st.lists(st.lists(unknown, max_size=3), max_size=3),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_empty_is_empty_whatever_atoms_stand_for(inside: list[list[str]], outside: list[list[str]]) -> None:
    if find(inside, outside) is None:
        assert not any(fits(word, inside, outside, values) for values in VALUES for word in WORDS)


@pytest.mark.parametrize(
    ("inside", "outside", "empty"),
    [
        ([[f"arn:aws:s3:::{FREE}/{ANY}"]], [[f"arn:aws:s3:::{FREE}/{ANY}"]], True),
        ([[f"arn:aws:s3:::{FREE}/{ANY}"]], [[f"arn:aws:s3:::{ANY}"]], True),
        # It may be the secret one.
        ([[f"arn:aws:s3:::{FREE}/{ANY}"], [f"arn:aws:s3:::secret/{ANY}"]], [], False),
        # A name without colons is no part of a field that has one.
        ([[f"arn:aws:sqs:{NAME}:{ANY}"]], [[f"arn:aws:sqs:{FIELD}:{ANY}"]], True),
        ([[f"arn:aws:sqs:{FREE}:{ANY}"]], [[f"arn:aws:sqs:{FIELD}:{ANY}"]], False),
    ],
)
def test_atoms(inside: list[list[str]], outside: list[list[str]], empty: bool) -> None:  # noqa: FBT001
    assert (find(inside, outside) is None) is empty


@pytest.mark.parametrize(
    ("pattern", "text", "fits_by_fields", "fits_flat"),
    [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/a:c/d", True, True),
        ("arn:aws:sqs:*:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:q", True, True),
        # A `*` that ends a field goes on beyond its colon,
        ("arn:aws:s3:*", "arn:aws:s3:::b/x", True, True),
        # and one inside of it does not, and `?` never.
        ("arn:aws:s*s:eu-1:1:q", "arn:aws:s:x:ss:eu-1:1:q", False, True),
        ("arn:aws:s3?::b", "arn:aws:s3:::b", False, True),
        ("*", "arn:aws:s3:::b", True, True),
    ],
)
def test_wildcards_in_arns(pattern: str, text: str, fits_by_fields: bool, fits_flat: bool) -> None:  # noqa: FBT001
    assert language([globs.resource(pattern)]).accepts(text) is fits_by_fields
    assert language([globs.glob(pattern)]).accepts(text) is fits_flat


def test_an_arn_condition_is_compared_field_by_field() -> None:
    one = language([globs.arn("arn:aws:sns:*:*:topic-*")])
    assert one.accepts("arn:aws:sns:eu-west-1:111122223333:topic-a")
    assert not one.accepts("arn:aws:sns:eu-west-1:111122223333:x:topic-a")


def test_a_hundred_wildcards_run_out_of_steps_and_not_of_time() -> None:
    many = "a" + "".join(f"{ANY}{'ab'[n % 2]}" for n in range(100))
    other = "b".join([ANY] * 100)
    with pytest.raises(OutOfBudgetError):
        Words(Budget(20_000)).find(
            [language([many]), language([other])], [language([f"{ANY}aa{ANY}", f"{ANY}bb{ANY}bb{ANY}"])]
        )


def test_the_same_question_takes_the_same_steps() -> None:
    def steps() -> int:
        budget = Budget(10**6)
        Words(budget).find(
            [language([f"a{ANY}b{ANY}", f"b{ANY}"]), language([f"{ANY}ba"])], [language([f"{ANY}bb{ANY}"])]
        )
        return budget.left

    assert len({steps() for _ in range(3)}) == 1
