"""What AWS's IAM user guide says, case by case, of single requests; and the prover says the same of policies that differ in it.

Each table names the page that it restates, below https://docs.aws.amazon.com/IAM/latest/UserGuide/.
"""

from __future__ import annotations

from typing import Any

import pytest

from stockade.iam.sets.questions import Proved, Refuted, Unknown, implies
from stockade.iam.sets.requests import Request, decide

Keys = dict[str, tuple[str, ...]]


def allow(**parts: Any) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **parts}],
    }


# reference_policies_elements_condition_operators.html
OPERATORS: list[tuple[str, str, Any, Keys, bool]] = [
    # Texts: exact and by case; a list is "one of them"; a negated one is "none of them".
    ("StringEquals", "aws:PrincipalTag/job", "dev", {"aws:principaltag/job": ("dev",)}, True),
    ("StringEquals", "aws:PrincipalTag/job", "dev", {"aws:principaltag/job": ("Dev",)}, False),
    ("StringEquals", "aws:PrincipalTag/job", ["ops", "dev"], {"aws:principaltag/job": ("dev",)}, True),
    ("StringEquals", "aws:PrincipalTag/job", "d*", {"aws:principaltag/job": ("dev",)}, False),
    ("StringNotEquals", "aws:PrincipalTag/job", ["ops", "dev"], {"aws:principaltag/job": ("dev",)}, False),
    ("StringNotEquals", "aws:PrincipalTag/job", ["ops", "dev"], {"aws:principaltag/job": ("hr",)}, True),
    ("StringEqualsIgnoreCase", "aws:PrincipalTag/job", "dev", {"aws:principaltag/job": ("DEV",)}, True),
    ("StringNotEqualsIgnoreCase", "aws:PrincipalTag/job", "dev", {"aws:principaltag/job": ("DEV",)}, False),
    ("StringLike", "s3:prefix", ["", "home/", "home/*"], {"s3:prefix": ("home/bob",)}, True),
    ("StringLike", "s3:prefix", ["", "home/", "home/*"], {"s3:prefix": ("",)}, True),
    ("StringLike", "s3:prefix", "home/?", {"s3:prefix": ("home/ab",)}, False),
    ("StringLike", "s3:prefix", "HOME/*", {"s3:prefix": ("home/a",)}, False),
    ("StringNotLike", "s3:prefix", "home/*", {"s3:prefix": ("home/a",)}, False),
    # A key that is not there: a positive operator is false, a negated one true, and with IfExists both are true.
    ("StringEquals", "aws:PrincipalTag/job", "dev", {}, False),
    ("StringNotEquals", "aws:PrincipalTag/job", "dev", {}, True),
    ("StringEqualsIfExists", "aws:PrincipalTag/job", "dev", {}, True),
    ("StringEqualsIfExists", "aws:PrincipalTag/job", "dev", {"aws:principaltag/job": ("hr",)}, False),
    ("StringNotEqualsIfExists", "aws:PrincipalTag/job", "dev", {}, True),
    ("NumericLessThan", "s3:max-keys", "10", {}, False),
    ("NumericNotEquals", "s3:max-keys", "10", {}, True),
    ("NotIpAddress", "aws:SourceIp", "203.0.113.0/24", {}, True),
    ("IpAddressIfExists", "aws:SourceIp", "203.0.113.0/24", {}, True),
    # Names of keys are the same in any case.
    ("StringEquals", "AWS:principaltag/JOB", "dev", {"aws:principaltag/job": ("dev",)}, True),
    # Numbers
    ("NumericLessThanEquals", "s3:max-keys", "10", {"s3:max-keys": ("10",)}, True),
    ("NumericLessThan", "s3:max-keys", "10", {"s3:max-keys": ("10",)}, False),
    ("NumericEquals", "s3:max-keys", 10, {"s3:max-keys": ("10.0",)}, True),
    ("NumericGreaterThan", "aws:MultiFactorAuthAge", "3600", {"aws:multifactorauthage": ("3601",)}, True),
    ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "3600", {"aws:multifactorauthage": ("3599",)}, False),
    # Dates, in ISO 8601 or in seconds since 1970
    ("DateLessThan", "aws:CurrentTime", "2020-06-30T23:59:59Z", {"aws:currenttime": ("2020-06-30T23:59:58Z",)}, True),
    ("DateGreaterThan", "aws:TokenIssueTime", "2020-01-01", {"aws:tokenissuetime": ("2020-01-01T00:00:00Z",)}, False),
    ("DateGreaterThanEquals", "aws:TokenIssueTime", "2020", {"aws:tokenissuetime": ("2020-01-01T00:00:00Z",)}, True),
    ("DateEquals", "aws:CurrentTime", "1577836800", {"aws:currenttime": ("2020-01-01T00:00:00Z",)}, True),
    ("DateLessThanEquals", "aws:EpochTime", "2020-01-01", {"aws:epochtime": ("1577836801",)}, False),
    # True and false, and bytes
    ("Bool", "aws:SecureTransport", "true", {"aws:securetransport": ("true",)}, True),
    ("Bool", "aws:SecureTransport", True, {"aws:securetransport": ("false",)}, False),
    ("Bool", "aws:MultiFactorAuthPresent", "false", {}, False),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", "false", {}, True),
    ("BinaryEquals", "zz:key", "QmluYXJ5", {"zz:key": ("QmluYXJ5",)}, True),
    ("BinaryEquals", "zz:key", "QmluYXJ5", {"zz:key": ("qmluyxj5",)}, False),
    # Addresses, of both kinds
    ("IpAddress", "aws:SourceIp", "203.0.113.0/24", {"aws:sourceip": ("203.0.113.255",)}, True),
    ("IpAddress", "aws:SourceIp", "203.0.113.0/24", {"aws:sourceip": ("203.0.114.0",)}, False),
    ("IpAddress", "aws:SourceIp", "203.0.113.7", {"aws:sourceip": ("203.0.113.7",)}, True),
    ("IpAddress", "aws:SourceIp", "2001:db8:1234:5678::/64", {"aws:sourceip": ("2001:db8:1234:5678::1",)}, True),
    ("NotIpAddress", "aws:SourceIp", ["203.0.113.0/24", "2001:db8::/32"], {"aws:sourceip": ("2001:db8::9",)}, False),
    ("IpAddress", "aws:SourceIp", "0.0.0.0/0", {"aws:sourceip": ("2001:db8::9",)}, False),
    # ARNs: the six parts are compared one by one, and ArnEquals is the same as ArnLike
    (
        "ArnEquals",
        "aws:SourceArn",
        "arn:aws:sns:*:111122223333:t",
        {"aws:sourcearn": ("arn:aws:sns:eu:111122223333:t",)},
        True,
    ),
    ("ArnLike", "aws:SourceArn", "arn:aws:s3:::b/*", {"aws:sourcearn": ("arn:aws:s3:::b/a:c/d",)}, True),
    ("ArnNotLike", "aws:SourceArn", "arn:aws:sns:*:*:t", {"aws:sourcearn": ("arn:aws:sns:eu:1:t",)}, False),
    ("ArnNotEquals", "aws:SourceArn", "arn:aws:sns:*:*:t", {}, True),
    # Whether a key is there
    ("Null", "aws:TokenIssueTime", "true", {}, True),
    ("Null", "aws:TokenIssueTime", "true", {"aws:tokenissuetime": ("2020-01-01T00:00:00Z",)}, False),
    ("Null", "aws:TokenIssueTime", "false", {"aws:tokenissuetime": ("2020-01-01T00:00:00Z",)}, True),
    ("Null", "aws:TokenIssueTime", "false", {}, False),
    # reference_policies_condition-single-vs-multi-valued-context-keys.html
    ("ForAllValues:StringEquals", "aws:TagKeys", ["env", "team"], {"aws:tagkeys": ("team", "env")}, True),
    ("ForAllValues:StringEquals", "aws:TagKeys", ["env", "team"], {"aws:tagkeys": ("team",)}, True),
    ("ForAllValues:StringEquals", "aws:TagKeys", ["env", "team"], {"aws:tagkeys": ("team", "cost")}, False),
    ("ForAllValues:StringEquals", "aws:TagKeys", ["env", "team"], {}, True),
    ("ForAnyValue:StringEquals", "aws:TagKeys", ["env", "team"], {"aws:tagkeys": ("team", "cost")}, True),
    ("ForAnyValue:StringEquals", "aws:TagKeys", ["env", "team"], {"aws:tagkeys": ("cost",)}, False),
    ("ForAnyValue:StringEquals", "aws:TagKeys", ["env", "team"], {}, False),
    ("ForAnyValue:StringEqualsIfExists", "aws:TagKeys", "env", {}, True),
    ("ForAllValues:StringNotEquals", "aws:TagKeys", "env", {"aws:tagkeys": ("team", "cost")}, True),
    ("ForAllValues:StringNotEquals", "aws:TagKeys", "env", {"aws:tagkeys": ("team", "env")}, False),
    ("ForAnyValue:StringNotEquals", "aws:TagKeys", "env", {"aws:tagkeys": ("team", "env")}, True),
    ("ForAnyValue:StringNotEquals", "aws:TagKeys", "env", {}, False),
    ("ForAllValues:StringLike", "aws:TagKeys", "team-*", {"aws:tagkeys": ("team-a", "team-b")}, True),
]


def asks(operator: str, key: str, wanted: Any) -> dict[str, Any]:
    return allow(Condition={operator: {key: wanted}})


def exactly(keys: Keys, names: set[str]) -> dict[str, dict[str, Any]]:
    """Conditions that hold of these values of keys, and of no others."""
    condition: dict[str, dict[str, Any]] = {}
    for name in sorted(names):
        values = keys.get(name)
        condition.setdefault("Null", {})[name] = "false" if values else "true"
        if values:
            condition.setdefault("ForAllValues:StringEquals", {})[name] = list(values)
            for value in values:
                operator = "ForAnyValue:" + ("StringEquals", "StringLike")["ForAnyValue:StringEquals" in condition]
                condition.setdefault(operator, {})[name] = value
    return condition


@pytest.mark.parametrize(("operator", "key", "wanted", "keys", "holds"), OPERATORS)
def test_condition_operators(operator: str, key: str, wanted: Any, keys: Keys, holds: bool) -> None:  # noqa: FBT001
    document = asks(operator, key, wanted)
    request = Request("s3:GetObject", "arn:aws:s3:::b/k", "", keys)
    assert (decide([document], request) == "allow") is holds
    # Of exactly this request the prover says so too: those that are like it are allowed, or are not.
    same = allow(Condition=exactly(keys, {key.lower()}))
    assert isinstance(implies(same, document), Proved) is holds
    assert isinstance(implies(same, document), Refuted) is not holds


# reference_policies_elements_resource.html and reference_policies_elements_action.html: the patterns, an action, a resource
ELEMENTS: list[tuple[dict[str, Any], str, str, bool]] = [
    ({"Action": "s3:GetObject"}, "S3:getobject", "*", True),
    ({"Action": "s3:*"}, "s3:DeleteBucket", "*", True),
    ({"Action": ["iam:*AccessKey*"]}, "iam:ListAccessKeys", "*", True),
    ({"Action": ["iam:*AccessKey*"]}, "iam:ListUsers", "*", False),
    ({"Action": "*"}, "anything:AtAll", "*", True),
    ({"Resource": "arn:aws:iam::111122223333:user/Bob"}, "s3:GetObject", "arn:aws:iam::111122223333:user/bob", False),
    ({"Resource": "arn:aws:sqs:*:111122223333:q"}, "s3:GetObject", "arn:aws:sqs:eu-west-1:111122223333:q", True),
    ({"Resource": "arn:aws:s3:::b/*"}, "s3:GetObject", "arn:aws:s3:::b/a/c", True),
    ({"Resource": "arn:aws:s3:::b/*/test/*"}, "s3:GetObject", "arn:aws:s3:::b/1/2/test/3/object.jpg", True),
    ({"Resource": "arn:aws:s3:::b/?????"}, "s3:GetObject", "arn:aws:s3:::b/abcd", False),
    ({"Resource": ["arn:aws:s3:::a", "arn:aws:s3:::b"]}, "s3:GetObject", "arn:aws:s3:::b", True),
    ({"Resource": "arn:aws:s3:::a${*}"}, "s3:GetObject", "arn:aws:s3:::ab", False),
    ({"Resource": "arn:aws:s3:::a${*}"}, "s3:GetObject", "arn:aws:s3:::a*", True),
    # reference_policies_elements_notaction.html, reference_policies_elements_notresource.html
    ({"NotAction": "iam:*"}, "s3:GetObject", "*", True),
    ({"NotAction": "iam:*"}, "iam:GetUser", "*", False),
    ({"NotResource": ["arn:aws:s3:::a", "arn:aws:s3:::a/*"]}, "s3:GetObject", "arn:aws:s3:::b", True),
    ({"NotResource": ["arn:aws:s3:::a", "arn:aws:s3:::a/*"]}, "s3:GetObject", "arn:aws:s3:::a/x", False),
]


@pytest.mark.parametrize(("parts", "action", "resource", "holds"), ELEMENTS)
def test_actions_and_resources(parts: dict[str, Any], action: str, resource: str, holds: bool) -> None:  # noqa: FBT001
    (statement,) = allow(**parts)["Statement"]
    for name in ("Action", "Resource"):
        if f"Not{name}" in parts:
            del statement[name]
    if "Resource" in parts or "NotResource" in parts:
        statement["Action"] = "*"
    document = {"Version": "2012-10-17", "Statement": [statement]}
    assert (decide([document], Request(action, resource)) == "allow") is holds
    same = allow(Action=action, Resource=resource.replace("*", "${*}"))
    assert isinstance(implies(same, document), Proved) is holds


# reference_policies_variables.html
VARIABLES: list[tuple[str, str, str, Keys, bool]] = [
    ("2012-10-17", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/bob/x", {"aws:username": ("bob",)}, True),
    ("2012-10-17", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/al/x", {"aws:username": ("bob",)}, False),
    # A statement that asks for what the request has not does not match,
    ("2012-10-17", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b//x", {}, False),
    # and before this version of the language a variable was a text like any other.
    ("2008-10-17", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/bob/x", {"aws:username": ("bob",)}, False),
    ("2008-10-17", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${aws:username}/x", {}, True),
    # What is filled in has no wildcards.
    ("2012-10-17", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/bob/x", {"aws:username": ("b*",)}, False),
]


@pytest.mark.parametrize(("version", "pattern", "resource", "keys", "holds"), VARIABLES)
def test_variables(version: str, pattern: str, resource: str, keys: Keys, holds: bool) -> None:  # noqa: FBT001
    document = {**allow(Resource=pattern), "Version": version}
    assert (decide([document], Request("s3:GetObject", resource, "", keys)) == "allow") is holds


def test_the_parts_of_an_arn_in_a_condition_are_compared_one_by_one() -> None:
    """However wildcards of resources are read, of which the pages say less."""
    document = asks("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:t")
    keys: Keys = {"aws:sourcearn": ("arn:aws:sns:eu:1:2:t",)}
    for flat in (False, True):
        assert decide([document], Request("s3:GetObject", "*", "", keys), flat=flat) == "none"
    assert isinstance(implies(allow(Condition=exactly(keys, set(keys))), document), Refuted)


def test_what_the_pages_do_not_agree_about_is_not_decided() -> None:
    """Whether `*` in a resource stays in its part of the ARN."""
    document = allow(Resource="arn:aws:s*s:eu:1:q")
    request = Request("s3:GetObject", "arn:aws:sqs:x:s:eu:1:q")
    assert decide([document], request) == "none"
    assert decide([document], request, flat=True) == "allow"
    answer = implies(allow(Resource="arn:aws:sqs:x:s:eu:1:q"), document)
    assert isinstance(answer, Unknown)
    assert "leaves open" in answer.reason
