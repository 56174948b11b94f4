from __future__ import annotations

import pytest

from stockade.iam.conditions import has_key, limited
from stockade.model.policy import Condition, Statement
from stockade.model.value import Default, Doubt, Known, Relation, ServiceDefault, Unknown, Value

HERE = ServiceDefault("test")


def statement(operator: str, key: str, *values: Value[str] | str, complete: bool = True) -> Statement:
    texts = tuple(Known(v=v, origin=HERE) if isinstance(v, str) else v for v in values)
    condition = Condition(operator, key, Relation(texts), HERE)
    gaps = () if complete else (Doubt("hidden"),)
    return Statement(
        origin=HERE,
        effect=Known(v="Allow", origin=HERE),
        conditions=Relation((condition,), complete=complete, gaps=gaps),
    )


@pytest.mark.parametrize(
    ("operator", "key", "value", "strength"),
    [
        ("StringEquals", "aws:ResourceTag/team", "orders", "resource"),
        ("StringLike", "s3:prefix", "orders/*", "resource"),
        ("ForAllValues:StringEquals", "dynamodb:LeadingKeys", "x", "resource"),
        ("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com", "resource"),
        ("Bool", "kms:GrantIsForAWSResource", "true", "resource"),
        ("StringEquals", "aws:ResourceAccount", "111122223333", "weak"),
        ("StringEquals", "aws:RequestedRegion", "eu-west-1", "weak"),
        ("Bool", "aws:SecureTransport", "true", "weak"),
        ("StringNotEquals", "aws:ResourceTag/team", "orders", "weak"),
        ("StringEqualsIfExists", "aws:ResourceTag/team", "orders", "weak"),
        ("Null", "aws:ResourceTag/team", "false", "weak"),
        ("StringEquals", "aws:PrincipalOrgID", "o-1", "caller"),
        ("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:x", "caller"),
    ],
)
def test_what_a_condition_limits(operator: str, key: str, value: str, strength: str) -> None:
    asked = statement(operator, key, value)
    for one in ("resource", "weak", "caller"):
        assert limited(asked, one).is_yes is (one == strength)


def test_a_bare_star_limits_nothing() -> None:
    assert limited(statement("StringLike", "aws:ResourceTag/team", "orders", "*"), "resource").is_no
    assert limited(statement("StringLike", "aws:ResourceTag/team", "orders*"), "resource").is_yes


def test_an_unknown_value_limits_and_an_absent_one_does_not() -> None:
    unknown: Value[str] = Unknown(doubt=Doubt("a parameter"), origin=HERE)
    assert limited(statement("StringEquals", "aws:ResourceTag/team", unknown), "resource").is_yes
    assert limited(statement("StringEquals", "aws:ResourceTag/team", Default(v=None, origin=HERE)), "resource").is_no  # type: ignore[arg-type]


def test_conditions_that_are_not_all_known_may_limit() -> None:
    assert limited(statement("Bool", "aws:SecureTransport", "true", complete=False), "resource").truth == "maybe"


def test_keys_are_found_in_any_case_and_not_where_they_are_denied() -> None:
    assert has_key(
        statement("StringEquals", "IAM:passedtoservice", "ecs-tasks.amazonaws.com"), "iam:PassedToService"
    ).is_yes
    assert has_key(statement("StringNotEquals", "iam:PassedToService", "x"), "iam:PassedToService").is_no
    assert has_key(statement("StringEquals", "aws:PrincipalTag/team", "x"), "aws:PrincipalTag/").is_yes
