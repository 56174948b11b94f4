"""Answers against brute force over requests, which an evaluator decides that shares nothing with the prover."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.iam.sets.compile import WAYS, keys_with_many
from stockade.iam.sets.questions import Proved, Refuted, Unknown, implies
from stockade.iam.sets.requests import Request, decide
from stockade.knowledge import iam as facts
from tests.iam.sets.policies import pairs, request

Document = dict[str, Any]


@given(pairs(), st.integers(0, 2**32))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_proved_holds_of_every_request(pair: tuple[Document, Document], seed: int) -> None:
    new, old = pair
    answer = implies(new, old)
    if isinstance(answer, Proved):
        chance, many = random.Random(seed), keys_with_many(pair)  # noqa: S311 - requests for a test
        for _ in range(100):
            asked = request(chance, many)
            for way in WAYS:
                if decide([new], asked, flat=way.flat, whole=way.whole) == "allow":
                    assert decide([old], asked, flat=way.flat, whole=way.whole) == "allow", asked
    elif isinstance(answer, Refuted):
        assert any(
            decide([new], answer.witness, flat=way.flat, whole=way.whole) == "allow"
            and decide([old], answer.witness, flat=way.flat, whole=way.whole) != "allow"
            for way in WAYS
        )
    else:
        assert answer.reason.startswith("it depends on"), answer


def policy(*statements: Document) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Document:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Document:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def when(operator: str, key: str, *values: str) -> Document:
    return {"Condition": {operator: {key: list(values)}}}


READ = allow("s3:GetObject", "arn:aws:s3:::orders/*")


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (policy(READ), policy(allow("s3:Get*", "arn:aws:s3:::orders/*"))),
        (policy(READ), policy(allow("S3:getobject", "arn:aws:s3:::ord*"))),
        # Two statements together cover what neither does alone.
        (
            policy(allow("s3:GetObject")),
            policy(
                allow("s3:GetObject", **when("StringEquals", "aws:RequestedRegion", "eu-west-1")),
                allow("s3:GetObject", **when("StringNotEquals", "aws:RequestedRegion", "eu-west-1")),
            ),
        ),
        (
            policy(allow("s3:GetObject", **when("IpAddress", "aws:SourceIp", "10.1.0.0/16"))),
            policy(allow("s3:*", **when("IpAddress", "aws:SourceIp", "10.0.0.0/8"))),
        ),
        # What is denied anyway is not allowed,
        (policy(allow("s3:*"), deny("s3:Put*")), policy(allow(["s3:*", "sqs:*"]), deny("s3:PutObject"))),
        # and a deny that can never apply takes nothing away.
        (policy(READ), policy(READ, deny("s3:GetObject", "arn:aws:s3:::secret/*"))),
        # A condition that everything meets.
        (policy(READ), policy({**READ, **when("StringLikeIfExists", "aws:RequestedRegion", "*")})),
        (policy(READ), policy({**READ, **when("Null", "aws:RequestedRegion", "true", "false")})),
        (
            policy({**READ, **when("Bool", "aws:SecureTransport", "true")}),
            policy(READ, deny("*", **when("Bool", "aws:SecureTransport", "false"))),
        ),
        (
            policy(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*")),
            policy(allow("s3:GetObject", "arn:aws:s3:::home/*")),
        ),
        (policy(), policy(READ)),
    ],
)
def test_proved(new: Document, old: Document) -> None:
    assert implies(new, old) == Proved()


@pytest.mark.parametrize(
    ("new", "old", "witness"),
    [
        (policy(allow("s3:Get*")), policy(allow("s3:GetObject")), {"action": "s3:get"}),
        (policy(READ), policy({**READ, **when("Bool", "aws:SecureTransport", "true")}), {"keys": {}}),
        (
            policy(READ, deny("*", **when("Bool", "aws:SecureTransport", "false"))),
            policy({**READ, **when("Bool", "aws:SecureTransport", "true")}),
            {"keys": {}},  # the deny does not hold where the key is not there
        ),
        (
            policy(allow("s3:ListBucket", **when("NumericLessThanEquals", "s3:max-keys", "20"))),
            policy(allow("s3:ListBucket", **when("NumericLessThan", "s3:max-keys", "20"))),
            {"keys": {"s3:max-keys": ("20",)}},
        ),
        (
            policy(allow("ec2:CreateTags", **when("ForAllValues:StringEquals", "aws:TagKeys", "a", "b"))),
            policy(allow("ec2:CreateTags", **when("ForAnyValue:StringEquals", "aws:TagKeys", "a"))),
            {"keys": {}},  # "all" is true of none
        ),
        (
            policy(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*")),
            policy(allow("s3:GetObject", "arn:aws:s3:::home/bob/*")),
            {"resource": "arn:aws:s3:::home/sample-aws-username/x"},
        ),
        (policy(allow("s3:*"), deny("s3:PutObject")), policy(allow("s3:*"), deny("s3:Put*")), {"action": "s3:put"}),
    ],
)
def test_refuted(new: Document, old: Document, witness: dict[str, Any]) -> None:
    answer = implies(new, old)
    assert isinstance(answer, Refuted)
    for field, wanted in witness.items():
        found = getattr(answer.witness, field)
        assert found.startswith(wanted) if isinstance(wanted, str) else found == wanted


LEVEL, OTHER = "aws:PrincipalTag/level", "zz:other"


@pytest.mark.parametrize(
    ("new", "old", "keys"),
    [
        # What is the same but for case is not the same.
        (
            when("StringEqualsIgnoreCase", OTHER, "${aws:username}"),
            [when("StringEquals", OTHER, "${aws:username}")],
            {"aws:username": ("sample-aws-username",), OTHER: ("SAMPLE-AWS-USERNAME",)},
        ),
        # A tag may be any text, also one that is no number, date or address, and is neither true nor false.
        (when("StringEquals", LEVEL, "abc"), [when("NumericEquals", LEVEL, "5")], {LEVEL.lower(): ("abc",)}),
        (
            when("Null", LEVEL, "false"),
            [when("NumericLessThan", LEVEL, "5"), when("NumericGreaterThanEquals", LEVEL, "5")],
            {LEVEL.lower(): ("other",)},
        ),
        (
            when("Null", LEVEL, "false"),
            [when("IpAddress", LEVEL, "0.0.0.0/0"), when("IpAddress", LEVEL, "::/0")],
            {LEVEL.lower(): ("other",)},
        ),
        (
            when("Null", LEVEL, "false"),
            [when("Bool", LEVEL, "true"), when("Bool", LEVEL, "false")],
            {LEVEL.lower(): ("x",)},
        ),
        (when("Bool", LEVEL, "true"), [when("StringEquals", LEVEL, "true")], {LEVEL.lower(): ("TRUE",)}),
        # Numbers and moments are told apart however near they are.
        (
            when("NumericEquals", "s3:max-keys", "9007199254740993"),
            [when("NumericEquals", "s3:max-keys", "9007199254740992")],
            {"s3:max-keys": ("9007199254740993",)},
        ),
        (
            {
                "Condition": {
                    "DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00.000001Z"},
                    "DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00.000002Z"},
                }
            },
            [],
            {"aws:currenttime": ("1767225600.0000015",)},
        ),
        # A text with a control character is no pattern.
        ({"Resource": "arn:aws:s3:::a\x01b"}, [{"Resource": "arn:aws:s3:::a*c"}], {}),
        # Actions have no variables.
        ({"Action": "s3:${aws:username}"}, [{"Action": "s3:bob"}], {}),
    ],
)
def test_refuted_by_a_value_that_is_easily_overlooked(
    new: Document, old: list[Document], keys: dict[str, tuple[str, ...]]
) -> None:
    answer = implies(policy({**allow("s3:*"), **new}), policy(*({**allow("s3:*"), **each} for each in old)))
    assert isinstance(answer, Refuted), answer
    assert answer.witness.keys == keys


def test_values_of_a_known_kind_are_of_that_kind() -> None:
    """All values of `s3:max-keys` are numbers, and those of `aws:SecureTransport` true or false."""
    halves = [when("NumericLessThan", "s3:max-keys", "5"), when("NumericGreaterThanEquals", "s3:max-keys", "5")]
    assert (
        implies(
            policy(allow("s3:*", **when("Null", "s3:max-keys", "false"))),
            policy(*(allow("s3:*", **each) for each in halves)),
        )
        == Proved()
    )
    halves = [when("Bool", "aws:SecureTransport", "true"), when("Bool", "aws:SecureTransport", "false")]
    assert (
        implies(
            policy(allow("s3:*", **when("Null", "aws:SecureTransport", "false"))),
            policy(*(allow("s3:*", **each) for each in halves)),
        )
        == Proved()
    )


@pytest.mark.parametrize(
    ("new", "old", "why"),
    [
        # It is so unless the user's name is that of the secret folder.
        (
            policy(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*")),
            policy(allow("s3:GetObject", "arn:aws:s3:::home/*"), deny("*", "arn:aws:s3:::home/?/*")),
            "`${aws:username}`",
        ),
        (policy(allow("sqs:*", "arn:aws:s*s:eu-1:1:q")), policy(deny("*"), allow("sqs:*", "*")), None),
        (policy({"Effect": "Allow", "Action": {}, "Resource": "*"}), policy(READ), "is a text or a list of texts"),
        (policy({"Effect": "allow", "Action": "*", "Resource": "*"}), policy(READ), "'allow', and not Allow or Deny"),
        (policy({**READ, **when("StringIs", "a:b", "c")}), policy(), "no condition operator 'StringIs'"),
        (policy({**READ, **when("NumericEquals", "a:b", "many")}), policy(), "'many' is no number"),
        (policy({**READ, **when("StringEquals", "a:b", "${aws:username, 'x'}")}), policy(), "has a default"),
        (policy(allow("s3:*", "arn:aws:s3:::\U000f0000")), policy(), "private planes"),
        ({"Version": "2012-10-17"}, policy(), "`Statement` is missing"),
        (policy({**allow("s3:*"), "NotAction": "s3:*"}), policy(), "has both `Action` and `NotAction`"),
        (policy({"Effect": "Allow", "Resource": "*"}), policy(), "has neither `Action` nor `NotAction`"),
        (policy({**READ, **when("DateEquals", "a:b", "--5")}), policy(), "'--5' is no date"),
        (policy({**READ, **when("NumericEquals", "a:b", "1/3")}), policy(), "'1/3' is no number"),
        (policy({**READ, **when("NumericEquals", "a:b", "1e999999999")}), policy(), "is no number"),
    ],
)
def test_what_can_not_be_told_is_not_told(new: Document, old: Document, why: str | None) -> None:
    answer = implies(new, old)
    if why is not None:
        assert isinstance(answer, Unknown)
        assert why in answer.reason


def test_a_question_that_is_too_long_is_not_answered() -> None:
    wild = [allow("s3:*", "arn:aws:s3:::" + "*a*b" * 20 + str(n)) for n in range(12)]
    other = [allow("s3:*", "arn:aws:s3:::" + "*b*a" * 20 + str(n)) for n in range(12)]
    answer = implies(policy(*wild), policy(*other, deny("*", "arn:aws:s3:::" + "*ab" * 20)), steps=3000)
    assert isinstance(answer, Unknown | Refuted)
    assert isinstance(answer, Refuted) or "3,000 steps" in answer.reason


def _widened(given_: Document) -> Document:
    """The document without its conditions on what is allowed, and with the last letter of each action anything."""
    made = copy.deepcopy(given_)
    for statement in made["Statement"]:
        if statement["Effect"] == "Allow":
            if "Action" in statement:
                names = statement["Action"]
                listed = [names] if isinstance(names, str) else names
                statement["Action"] = [name if "*" in name else name[:-1] + "*" for name in listed]
            statement.pop("Condition", None)
    return made


NAMES = facts.managed_policies()
ADMIN = facts.managed_policy("AdministratorAccess")


@pytest.mark.parametrize("part", range(8))
def test_every_question_about_managed_policies_is_decided(part: int) -> None:
    """Of each of AWS's policies; all of `part` 0 to 7 are all of them."""
    assert ADMIN is not None
    for name in NAMES[part::8]:
        found = facts.managed_policy(name)
        assert found is not None
        own = copy.deepcopy(found.document)
        if isinstance(own["Statement"], dict):
            own["Statement"] = [own["Statement"]]
        assert implies(own, own) == Proved(), name
        assert implies(own, ADMIN.document) == Proved(), name
        assert implies(own, _widened(own)) == Proved(), name
        for other in (implies(_widened(own), own), implies(own, {**own, "Statement": own["Statement"][1:]})):
            assert isinstance(other, Proved | Refuted), (name, other)


def test_the_evaluator_by_the_examples_of_the_documentation() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"""
    asked = Request(
        "s3:GetObject", "arn:aws:s3:::orders/1", "AWS|arn:aws:sts::111122223333:assumed-role/api/session", {}
    )
    assert decide([policy(READ)], asked) == "allow"
    assert decide([policy(READ), policy(deny("s3:*"))], asked) == "deny"
    assert decide([policy(allow("s3:PutObject"))], asked) == "none"
    for principal in (
        "*",
        {"AWS": "*"},
        {"AWS": "111122223333"},
        {"AWS": ["arn:aws:iam::111122223333:root"]},
        {"AWS": "arn:aws:iam::111122223333:role/api"},
        {"AWS": "arn:aws:iam::111122223333:role/path/api"},
        {"AWS": "arn:aws:sts::111122223333:assumed-role/api/session"},
    ):
        assert decide([policy({**READ, "Principal": principal})], asked) == "allow", principal
    for principal in (
        {"Service": "lambda.amazonaws.com"},
        {"AWS": "444455556666"},
        {"AWS": "arn:aws:iam::111122223333:role/other"},
        {"AWS": "arn:aws:sts::111122223333:assumed-role/api/other"},
    ):
        assert decide([policy({**READ, "Principal": principal})], asked) == "none", principal
