"""Questions that are made of others: what differs, what is not needed, what is public."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from stockade.iam.sets.access import Access, alone
from stockade.iam.sets.clauses import Clause
from stockade.iam.sets.derived import (
    Excess,
    difference,
    equivalent,
    grants,
    minimise,
    not_granted,
    not_public,
    redundant,
)
from stockade.iam.sets.questions import Proved, Refuted, Unknown, apart, within
from stockade.knowledge import iam as facts
from tests.iam.sets.policies import document, documents, pairs

QUICK = [HealthCheck.too_slow, HealthCheck.data_too_large]


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def policy(*entries: dict[str, Any]) -> Access:
    return alone(document(list(entries)), "p")


def cut(excess: Excess) -> Clause:
    """The statement, with what an excess says of it alone."""
    most = dict(excess.clause.most)
    if excess.actions:
        most["Action"] = list(excess.actions)
    if excess.resources:
        most["Resource"] = list(excess.resources)
    return Clause(most, most, "part")


OLD = [allow("s3:Get*", "arn:aws:s3:::a/*"), allow("sqs:*", "arn:aws:sqs:*:*:q"), deny("sqs:DeleteQueue")]
NEW = [
    [allow(["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"])],
    [allow("s3:*"), *OLD],
    [allow("sqs:*", ["arn:aws:sqs:*:*:q", "arn:aws:sqs:*:*:r"])],
    [{"Effect": "Allow", "NotAction": ["iam:*"], "NotResource": "arn:aws:s3:::a/*"}],
    [allow("sqs:*", "arn:aws:sqs:*:*:q", Condition={"Bool": {"aws:SecureTransport": "true"}}), allow("kms:Decrypt")],
    [allow("s3:*"), deny("s3:Put*")],
]


@pytest.mark.parametrize("entries", NEW)
def test_the_parts_of_a_difference_are_all_of_it_and_nothing_more(entries: list[dict[str, Any]]) -> None:
    new, old = policy(*entries), policy(*OLD)
    parts, answer, doubts = difference(new, old, future=True)
    assert isinstance(answer, Refuted)
    assert parts
    assert not doubts
    # With the parts, the old policies allow all that the new ones do: what the old ones deny is among the parts,
    allowed = tuple(clause for clause in old.identity if clause.allows)
    assert isinstance(within(new, Access(identity=(*allowed, *map(cut, parts)))), Proved)
    # and of each part something is new, of a whole one everything.
    for part in parts:
        only = Access(identity=(cut(part),))
        assert isinstance(within(only, old), Refuted)
        if part.whole:
            assert not isinstance(apart(only, old), Refuted)


@given(pairs())
@settings(max_examples=20, deadline=None, suppress_health_check=QUICK)
def test_differences_of_any_policies(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    new, old = (alone(each, "p") for each in pair)
    parts, answer, doubts = difference(new, old)
    assert bool(parts or doubts) or not isinstance(answer, Refuted)
    for part in parts:
        assert part.clause in new.identity
        assert part.clause.allows
        assert isinstance(part.witness, Refuted)


def test_a_difference_is_told_by_the_patterns_as_they_are_written() -> None:
    new = policy(allow(["s3:Get*", "s3:PutObject"], ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]))
    parts, _, _ = difference(new, policy(allow("s3:GetObject", "arn:aws:s3:::*"), allow("s3:Get*", "arn:aws:s3:::a/*")))
    assert [(each.actions, each.resources, each.whole) for each in parts] == [
        (("s3:Get*",), ("arn:aws:s3:::b/*",), False),
        (("s3:PutObject",), ("arn:aws:s3:::a/*", "arn:aws:s3:::b/*"), True),
    ]
    assert "s3:GetObject" not in parts[0].examples


def test_equivalent() -> None:
    one, other = policy(allow(["s3:GetObject", "s3:PutObject"])), policy(allow("s3:PutObject"), allow("S3:GETOBJECT"))
    assert equivalent(one, other) == (Proved(), "")
    more = policy(allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]))
    assert equivalent(more, one)[1] == "left"
    assert equivalent(one, more)[1] == "right"
    every = [each.name for each in facts.actions("sqs")]
    answer, _ = equivalent(policy(allow("sqs:*")), policy(allow(every)))
    assert isinstance(answer, Proved)
    assert answer.of  # AWS may add one
    assert isinstance(equivalent(policy(allow("sqs:*")), policy(allow(every)), future=True)[0], Refuted)


def test_grants_and_not_granted() -> None:
    one = policy(allow("s3:Get*", "arn:aws:s3:::a/*"), deny("s3:GetObjectAcl"))
    assert isinstance(grants(one, ("s3:GetObject",), ("arn:aws:s3:::a/x*",)), Proved)
    assert isinstance(grants(one, ("s3:GetObject*",), ("arn:aws:s3:::a/x*",)), Refuted)
    assert isinstance(not_granted(one, ("s3:GetObjectAcl",), ("*",)), Proved)
    assert isinstance(not_granted(one, ("s3:Put*", "s3:GetObject"), ("*",)), Refuted)


def test_redundant() -> None:
    one = policy(
        allow("s3:GetObject", Sid="a"), allow("s3:*", Sid="b"), deny("ec2:*", Sid="c"), deny("s3:PutObject", Sid="d")
    )
    found, unknown = redundant(one.identity)
    assert [clause.name for clause in found] == ["p[0] (a)", "p[2] (c)"]
    assert unknown == []
    twice = policy(allow("s3:*"), allow("s3:*"))
    assert len(redundant(twice.identity)[0]) == 2  # each, as long as the other is there
    assert redundant(policy(allow("s3:*"), allow("s3:x", Condition={"StringIs": {"a:b": "c"}})).identity)[1]


@pytest.mark.parametrize(
    ("entries", "left"),
    [
        ([allow(["s3:GetObject", "s3:Get*"])], [allow(["s3:Get*"])]),
        ([allow("s3:*"), allow("s3:*")], [allow("s3:*")]),
        ([allow("s3:*", ["arn:aws:s3:::a/*", "arn:aws:s3:::a/b/*"])], [allow("s3:*", ["arn:aws:s3:::a/*"])]),
        ([allow("s3:*"), deny("sqs:*")], [allow("s3:*")]),
        ([deny("s3:*"), deny("sqs:*")], [deny("s3:*")]),
        ([allow("s3:*"), deny(["s3:Put*", "s3:PutObject"])], [allow("s3:*"), deny(["s3:Put*"])]),
        ([allow("s3:GetObject"), allow("s3:PutObject")], [allow("s3:GetObject"), allow("s3:PutObject")]),
    ],
)
def test_minimise(entries: list[dict[str, Any]], left: list[dict[str, Any]]) -> None:
    assert [dict(clause.most) for clause in minimise(policy(*entries).identity)] == left


@given(documents)
@settings(max_examples=20, deadline=None, suppress_health_check=QUICK)
def test_the_smallest_policy_allows_the_same(made: dict[str, Any]) -> None:
    before = copy.deepcopy(made)
    whole = alone(made, "p")
    small = Access(identity=minimise(whole.identity))
    assert made == before
    for pair in ((whole, small), (small, whole)):
        assert isinstance(within(*pair), Proved | Unknown)
        assert not isinstance(within(*pair), Unknown) or isinstance(within(whole, whole), Unknown)


# A policy is public unless what it allows is for fixed principals or fixed values of what says who or where from:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, as of 2026-11
def bucket(principal: Any = "*", **conditions: dict[str, Any]) -> list[dict[str, Any]]:
    made = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    return [{**made, "Condition": conditions} if conditions else made]


def queue(**conditions: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {**bucket(**conditions)[0], "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:q"}
    ]


OWN, SECURE = {"aws:PrincipalOrgID": "o-mine"}, {"aws:SecureTransport": "true"}
PUBLIC: list[tuple[list[dict[str, Any]], bool]] = [
    (bucket(), True),
    (bucket({"AWS": "*"}), True),
    (bucket({"AWS": "111122223333"}), False),
    (bucket({"AWS": "arn:aws:iam::111122223333:role/r"}), False),
    (bucket({"Service": "cloudfront.amazonaws.com"}), False),
    (bucket({"CanonicalUser": "abc"}), False),
    (bucket(Bool=SECURE), True),
    (bucket(StringEquals=OWN), False),
    (bucket(StringNotEquals=OWN), True),
    (bucket(StringEqualsIfExists=OWN), True),  # who is in no organisation has no such key
    (bucket(StringLike={"aws:PrincipalOrgID": "o-*"}), True),
    (bucket(StringEquals={"aws:PrincipalAccount": ["111122223333", "444455556666"]}), False),
    (bucket(ArnLike={"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}), False),
    (bucket(ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}), True),  # anybody may call a role so
    (bucket(StringLike={"aws:username": "admin*"}), True),
    (bucket(StringEquals={"aws:PrincipalTag/team": "x"}), True),
    (bucket(StringEquals={"aws:SourceVpce": "vpce-1"}), False),
    (bucket(StringLike={"aws:SourceVpc": "vpc-*"}), True),
    (bucket(IpAddress={"aws:SourceIp": "203.0.113.0/24"}), False),
    (bucket(IpAddress={"aws:SourceIp": "0.0.0.0/0"}), True),
    (bucket(IpAddress={"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}), True),
    (bucket(NotIpAddress={"aws:SourceIp": "10.0.0.0/8"}), True),
    (bucket(Bool={"aws:PrincipalIsAWSService": "true"}), False),
    (bucket(StringEquals={"aws:Referer": "https://example.com"}), True),
    ([*bucket(), {**bucket()[0], "Effect": "Deny", "Condition": {"StringNotEquals": OWN}}], False),
    ([*bucket(), {**bucket()[0], "Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}], True),
    (
        [
            {**_, "NotPrincipal": {"AWS": "111122223333"}}
            for _ in ({k: v for k, v in bucket()[0].items() if k != "Principal"},)
        ],
        True,
    ),
    (queue(ArnEquals={"aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:t"}), False),
    (queue(ArnLike={"aws:SourceArn": "arn:aws:sns:*:*:*"}), True),
    (queue(StringEquals={"aws:SourceAccount": "111122223333"}), False),
    (
        [
            {
                **bucket()[0],
                "Action": "lambda:InvokeFunctionUrl",
                "Resource": "*",
                "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
            }
        ],
        True,
    ),
    (
        [
            {
                **bucket()[0],
                "Action": "lambda:InvokeFunction",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
            }
        ],
        False,
    ),
    ([], False),
]


@pytest.mark.parametrize(("entries", "public"), PUBLIC)
def test_public(entries: list[dict[str, Any]], public: bool) -> None:  # noqa: FBT001
    answer = not_public(policy(*entries))
    assert isinstance(answer, Refuted if public else Proved), answer
