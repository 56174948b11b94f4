"""What a policy takes back itself is not held against it, and what is redundant is so exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockade import api
from tests.iam.validate.support import ids_of, policy

PASS = {"Action": "iam:PassRole", "Resource": "*"}
ROLE = "arn:aws:iam::111122223333:role/batch"
OTHERS = "arn:aws:iam::111122223333:role/*"


def deny(**more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"} | more


@pytest.mark.parametrize(
    "denial",
    [
        deny(),
        deny(Action="iam:*"),
        deny(Action="*"),
        {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "iam:PassRole", "NotResource": ROLE},
        {"Effect": "Deny", "Action": "iam:PassRole", "NotResource": [ROLE, "arn:aws:iam::111122223333:role/other"]},
    ],
)
def test_a_denial_takes_the_grant_back(denial: dict[str, Any]) -> None:
    assert ids_of(policy(PASS, denial)) == []


@pytest.mark.parametrize(
    "denial",
    [
        deny(Resource=ROLE),
        deny(Action="iam:CreateRole"),
        deny(Condition={"StringNotEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}),
        deny(Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}),
    ],
)
def test_a_denial_that_leaves_something(denial: dict[str, Any]) -> None:
    assert ids_of(policy(PASS, denial)) == ["PASS_ROLE_WITH_STAR_IN_RESOURCE"]


def test_a_grant_for_one_service_or_of_some_roles_is_none_of_any_role() -> None:
    condition = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    assert ids_of(policy(PASS | {"Condition": condition})) == []
    assert ids_of(policy(PASS | {"Resource": "arn:aws:iam::*:role/batch-*"})) == []
    assert ids_of(policy(PASS | {"Resource": OTHERS})) == ["PASS_ROLE_WITH_STAR_IN_RESOURCE"]


def test_administrators_are_told_once_for_each_right() -> None:
    found = ids_of(policy({"Action": "*", "Resource": "*"}))
    assert found == ["PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE"]


def test_two_statements_cover_a_third_together() -> None:
    get = {"Action": "s3:GetObject", "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]}
    one = {"Action": "s3:Get*", "Resource": "arn:aws:s3:::a/*"}
    other = {"Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}
    assert ids_of(policy(get, one, other)) == ["REDUNDANT_STATEMENT"]
    assert ids_of(policy(get, one)) == []


def test_a_statement_with_a_condition_is_covered_by_one_without_only() -> None:
    get = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}
    limited = get | {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}
    assert ids_of(policy(get, limited)) == ["REDUNDANT_STATEMENT"]
    more = {"Action": "s3:Get*", "Resource": "arn:aws:s3:::a/*", "Condition": limited["Condition"]}
    assert ids_of(policy(get, more)) == []


def test_what_is_allowed_and_what_is_denied_do_not_make_each_other_redundant() -> None:
    get = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}
    assert ids_of(policy(get, get | {"Effect": "Deny"})) == []


@pytest.mark.parametrize(
    ("one", "other", "redundant"),
    [
        ("arn:aws:s3:::a*", "arn:aws:s3:::abc", True),
        ("arn:aws:sqs:*:111122223333:a*", "arn:aws:sqs:eu-west-1:111122223333:abc", True),
        ("arn:aws:sqs:eu-west-1:111122223333:a*", "arn:aws:sqs:*:111122223333:abc", False),
        ("arn:aws:s3:::a", "arn:aws:s3:::A", False),
        ("arn:aws:s3:::a?", "arn:aws:s3:::ab", True),
    ],
)
def test_resources_that_others_take_in(one: str, other: str, redundant: bool) -> None:  # noqa: FBT001
    found = ids_of(policy({"Action": ["s3:GetObject", "sqs:SendMessage"], "Resource": [one, other]}))
    assert found == (["REDUNDANT_RESOURCE"] if redundant else [])


def test_actions_differ_in_more_than_case() -> None:
    assert ids_of(policy({"Action": ["s3:GetObject", "S3:getobject"], "Resource": "*"})) == ["REDUNDANT_ACTION"]


ROOT = {"AWS": "arn:aws:iam::111122223333:root"}
NAMED = {"AWS": ROLE}


@pytest.mark.parametrize(
    ("more", "less", "redundant"),
    [
        ({"Principal": ROOT}, {"Principal": ROOT}, True),
        # Where the account is named, its own policies have to agree.
        ({"Principal": ROOT}, {"Principal": NAMED}, False),
        ({"Principal": "*"}, {"Principal": NAMED}, True),
        ({"Effect": "Deny", "Principal": ROOT}, {"Effect": "Deny", "Principal": NAMED}, True),
    ],
)
def test_who_is_named_by_itself_is_not_covered_by_its_account(
    more: dict[str, Any],
    less: dict[str, Any],
    redundant: bool,  # noqa: FBT001
) -> None:
    on = {"Resource": "*"}
    found = ids_of(policy(on | {"Action": "kms:*"} | more, on | {"Action": "kms:Decrypt"} | less), "resource")
    assert [id_ for id_ in found if id_ == "REDUNDANT_STATEMENT"] == ["REDUNDANT_STATEMENT"] * redundant


def in_template(*statements: dict[str, Any], tmp_path: Path) -> list[str]:
    """The ids of what is wrong with a policy of a template, whose table is `Orders` and whose parameter is `Who`."""
    properties = {"PolicyName": "p", "Roles": ["r"], "PolicyDocument": policy(*statements)}
    template = {
        "Parameters": {"Who": {"Type": "String"}, "Others": {"Type": "CommaDelimitedList"}},
        "Resources": {
            "Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
            "Carts": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
            "P": {"Type": "AWS::IAM::Policy", "Properties": properties},
        },
    }
    (tmp_path / "template.json").write_text(json.dumps(template), encoding="utf-8")
    return [fault.id for fault in api.validate(tmp_path / "template.json").faults]


ORDERS, CARTS = ({"Fn::GetAtt": [name, "Arn"]} for name in ("Orders", "Carts"))


@pytest.mark.parametrize(
    ("statements", "ids"),
    [
        # What is known by its name only is the same wherever the name is.
        ([{"Action": "dynamodb:*", "Resource": ORDERS}, {"Action": "dynamodb:GetItem", "Resource": ORDERS}], True),
        ([{"Action": "dynamodb:*", "Resource": ORDERS}, {"Action": "dynamodb:GetItem", "Resource": CARTS}], False),
        ([{"Action": "dynamodb:*", "Resource": "*"}, {"Action": "dynamodb:GetItem", "Resource": ORDERS}], True),
        (
            [{"Action": "s3:*", "Resource": {"Ref": "Who"}}, {"Action": "s3:GetObject", "Resource": {"Ref": "Who"}}],
            True,
        ),
        ([{"Action": "s3:*", "Resource": {"Ref": "Others"}}, {"Action": "s3:GetObject", "Resource": "*"}], False),
    ],
)
def test_references_are_told_by_their_names(
    statements: list[dict[str, Any]],
    ids: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    found = in_template(*statements, tmp_path=tmp_path)
    assert ("REDUNDANT_STATEMENT" in found) is ids


@pytest.mark.parametrize(
    ("denial", "left"),
    [
        (deny(NotResource={"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/${Who}"}) | {"Resource": None}, False),
        (deny(Resource={"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/team/*"}), True),
        (deny(Condition={"StringNotEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}}), True),
        (deny(Action={"Ref": "Who"}), False),  # it may be iam:PassRole
    ],
)
def test_denials_with_references_are_counted(denial: dict[str, Any], left: bool, tmp_path: Path) -> None:  # noqa: FBT001
    denial = {key: value for key, value in denial.items() if value is not None}
    found = in_template(PASS, denial, tmp_path=tmp_path)
    assert ("PASS_ROLE_WITH_STAR_IN_RESOURCE" in found) is left
