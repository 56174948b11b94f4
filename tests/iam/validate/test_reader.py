"""How a written policy becomes statements, and the small questions that the checks ask."""

from __future__ import annotations

import itertools

import pytest

from stockade.iam.validate._subject import is_wild, may_meet
from stockade.knowledge.iam import fits
from stockade.model.value import Known
from tests.iam.validate.support import faults_of, ids_of, policy, statements_of

GET = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def test_a_statement_by_itself_and_a_list_of_them() -> None:
    assert len(statements_of({"Version": "2012-10-17", "Statement": GET})) == 1
    found = statements_of([GET, GET])
    assert len(found) == 2
    assert found.origin is None
    assert found.version is None


def test_what_can_be_read_is_read_beside_what_can_t() -> None:
    found = statements_of({"Version": "2012-10-17", "Statement": [GET, 5, "x", None, [], GET]})
    assert len(found) == 2
    assert not found.complete
    assert {fault.id for fault in found.faults} == {"DATA_TYPE_MISMATCH"}
    assert len(found.faults) == 4


def test_numbers_and_truth_values_are_taken_for_texts() -> None:
    condition = {"NumericLessThan": {"s3:max-keys": 10}, "Bool": {"aws:SecureTransport": True}}
    (statement,) = statements_of(policy(GET | {"Action": "s3:ListBucket", "Condition": condition}))
    values = [value for condition in statement.conditions for value in condition.values]
    assert [value.v for value in values if isinstance(value, Known)] == ["10", "true"]


def test_of_a_key_that_is_there_twice_the_last_counts() -> None:
    text = (
        '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}'
    )
    (statement,) = statements_of(text)
    assert statement.effect.is_("Allow").is_yes
    assert ids_of(text) == ["JSON_SYNTAX_ERROR"]


def test_elements_are_offered_by_what_is_near() -> None:
    def help_for(name: str) -> str:
        return faults_of(policy(GET | {name: "x"}))[0].help

    assert help_for("Resources") == "write `Resource`"
    assert help_for("effect") == "write `Effect`"
    assert help_for("Condtion") == "write `Condition`"
    assert help_for("Version") == "it belongs beside `Statement`, not into one"
    assert help_for("Whatever").startswith("a statement has `Sid`")


def test_of_very_many_faults_some_are_kept() -> None:
    found = statements_of({"Version": "2012-10-17", "Statement": [5] * 5000})
    assert 1000 < len(found.faults) < 5000


def test_patterns_that_may_meet_by_brute_force() -> None:
    words = ["".join(w) for n in range(4) for w in itertools.product("ab", repeat=n)]
    patterns = ["".join(p) for n in range(4) for p in itertools.product("a*?", repeat=n)]
    for left in patterns:
        for right in patterns:
            meet = any(fits(left, w) and fits(right, w) for w in words)
            # Words of up to three characters are enough for these, but for two of six.
            assert may_meet(left, right) >= meet, (left, right)
            if not may_meet(left, right):
                assert not meet


@pytest.mark.parametrize(
    ("left", "right", "meet"),
    [
        ("function:orders", "function:?*", True),
        ("function/orders", "function:?*", False),
        ("*", "key/?*", True),
        ("a*c", "?*b", False),
        ("a*c*", "?*b", True),
        ("", "?*", False),
        ("*x*", "?*/?*", True),
    ],
)
def test_patterns_that_may_meet(left: str, right: str, meet: bool) -> None:  # noqa: FBT001
    assert may_meet(left, right) is meet
    assert may_meet(right, left) is meet


def test_wildcards_and_their_escapes() -> None:
    assert is_wild("a*")
    assert is_wild("a?")
    assert not is_wild("a${*}b${?}")
