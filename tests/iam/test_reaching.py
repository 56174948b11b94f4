"""Whether a pattern takes in a name of which parts are not known: the question behind it, against every short text."""

from __future__ import annotations

import itertools

import pytest

from stockade.iam.reaching import _meet
from stockade.knowledge import iam as facts

PATTERNS = sorted({"".join(each) for length in range(4) for each in itertools.product("ab*?", repeat=length)})
TEXTS = ["".join(each) for length in range(6) for each in itertools.product("ab", repeat=length)]


def test_two_patterns_meet_where_one_text_fits_both() -> None:
    fitting = {pattern: {text for text in TEXTS if facts.fits(pattern, text)} for pattern in PATTERNS}
    for left, right in itertools.product(PATTERNS, repeat=2):
        assert _meet(left, right) is bool(fitting[left] & fitting[right]), (left, right)


@pytest.mark.parametrize(
    ("left", "right", "may"),
    [
        ("/aws/lambda/*", "\ue100", True),
        ("/aws/lambda/*", "\uf000", False),  # a word has no slash
        ("orders-*", "\uf000-orders", True),
        ("orders", "\uf000-\uf001", False),
        ("\ue100:*", "orders:log-stream:x", True),
    ],
)
def test_a_mark_may_be_any_text_and_a_word_one_without_separators(left: str, right: str, may: bool) -> None:  # noqa: FBT001 - a case
    assert _meet(left, right) is may
    assert _meet(right, left) is may
