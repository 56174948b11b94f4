"""Policies, pairs of them and requests, made by hypothesis out of few words, so that they have much to do with each other."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from stockade.iam.sets.requests import Request

ACTIONS = [
    "s3:GetObject",
    "s3:Get*",
    "s3:*",
    "*",
    "s3:Put*",
    "s3:PutObject",
    "s3:?etObject",
    "sqs:SendMessage",
    "sqs:*",
]
RESOURCES = [
    *(
        "*",
        "arn:aws:s3:::a",
        "arn:aws:s3:::a/*",
        "arn:aws:s3:::*/x",
        "arn:aws:s3:::a*",
        "arn:aws:s3:::?/x",
        "arn:aws:s3:*",
    ),
    *("arn:aws:s3:::${aws:username}/*", "arn:aws:sqs:*:111122223333:q", "arn:aws:*:::a/x", "arn:aws:sqs:eu-*:*:q*"),
]
TEXTS = {
    "aws:RequestedRegion": ["eu-west-1", "eu-*", "us-east-1", "*", "EU-WEST-1"],
    "aws:TagKeys": ["a", "b", "a*", "*"],
    "aws:username": ["bob", "b*", "al"],
    "zz:unknown": ["a", "b", "A"],
}
OF_TEXTS = [
    *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "ArnLike"),
    *("StringNotEqualsIgnoreCase", "StringEqualsIfExists", "StringNotLikeIfExists", "ForAllValues:StringEquals"),
    *("ForAnyValue:StringEquals", "ForAllValues:StringNotEquals", "ForAnyValue:StringNotEquals"),
    *("ForAllValues:StringLike", "ForAnyValue:StringLikeIfExists"),
]
NUMBERS = [
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThanIfExists",
]
DATES = ["DateLessThan", "DateGreaterThan", "DateEquals", "DateNotEquals", "DateGreaterThanEquals"]
OTHERS: list[tuple[list[str], dict[str, list[str]]]] = [
    (NUMBERS, {"s3:max-keys": ["5", "10", "20"], "aws:MultiFactorAuthAge": ["10", "100"]}),
    (
        ["IpAddress", "NotIpAddress"],
        {"aws:SourceIp": ["10.0.0.0/8", "10.1.0.0/16", "192.168.0.1", "::/0", "2001:db8::/32"]},
    ),
    (DATES, {"aws:CurrentTime": ["2026-01-01T00:00:00Z", "2026-06-01", "2027-01-01T00:00:00Z"]}),
    (["Bool", "BoolIfExists"], {"aws:SecureTransport": ["true", "false"]}),
    (["Null"], {"aws:TagKeys": ["true", "false"], "s3:max-keys": ["true", "false"], "aws:SourceIp": ["true", "false"]}),
]


def some(values: list[str], most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)


@st.composite
def tests(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    operators, keys = draw(st.sampled_from([(OF_TEXTS, TEXTS), (OF_TEXTS, TEXTS), *OTHERS]))
    key = draw(st.sampled_from(sorted(keys)))
    return draw(st.sampled_from(operators)), key, draw(some(keys[key], 2))


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"]))}
    statement[draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))] = draw(some(ACTIONS))
    statement[draw(st.sampled_from(["Resource", "Resource", "Resource", "NotResource"]))] = draw(some(RESOURCES))
    condition: dict[str, dict[str, list[str]]] = {}
    for operator, key, values in draw(st.lists(tests(), max_size=2)):
        condition.setdefault(operator, {})[key] = values
    if condition:
        statement["Condition"] = condition
    return statement


def document(listed: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": listed}


documents = st.lists(statements(), min_size=1, max_size=4).map(document)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two documents; half of the time the second is the first with a little more, a little less, or in another order."""
    one = draw(st.lists(statements(), min_size=1, max_size=4))
    how = draw(st.sampled_from(["other", "other", "more", "less", "order"]))
    if how == "other":
        other = draw(st.lists(statements(), min_size=1, max_size=4))
    elif how == "more":
        other = [*one, *draw(st.lists(statements(), max_size=3))]
    else:
        other = draw(st.permutations(one))[1 if how == "less" else 0 :]
    return document(one), document(other)


VALUES = {
    "aws:requestedregion": ["eu-west-1", "eu-x", "us-east-1", "EU-WEST-1", "q"],
    "aws:tagkeys": ["a", "b", "ab", "z"],
    "aws:username": ["bob", "b", "al", "zed"],
    "zz:unknown": ["a", "b", "A", "q"],
    "s3:max-keys": ["1", "5", "7", "10", "15", "20", "30"],
    "aws:multifactorauthage": ["10", "50", "100", "200"],
    "aws:sourceip": ["10.0.0.1", "10.1.2.3", "192.168.0.1", "8.8.8.8", "2001:db8::1", "::1"],
    "aws:currenttime": ["2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-06-01T00:00:00Z"],
    "aws:securetransport": ["true", "false"],
}
ASKED_ACTIONS = ["s3:GetObject", "s3:GetObjectAcl", "s3:PutObject", "sqs:SendMessage", "sqs:x", "ec2:y", "s3:SetObject"]
ASKED_RESOURCES = [
    *("*", "arn:aws:s3:::a", "arn:aws:s3:::a/x", "arn:aws:s3:::b/x", "arn:aws:s3:::bb/x", "arn:aws:s3:::bob/x"),
    *("arn:aws:s3:::al/f/x", "arn:aws:sqs:eu-west-1:111122223333:q", "arn:aws:sqs:us-1:1:q", "arn:aws:sqs:eu-1:2:qq"),
    *("arn:aws:s3:x:y:a/x", "arn:aws:s3:r::z"),
]


def request(random: Any, many: frozenset[str]) -> Request:
    """One request out of the same words; `random` is a `random.Random`."""
    keys = {}
    for key, values in VALUES.items():
        if random.random() < 0.65:
            keys[key] = tuple(random.sample(values, random.randint(1, 2 if key in many else 1)))
    return Request(random.choice(ASKED_ACTIONS), random.choice(ASKED_RESOURCES), "", keys)
