"""Policies that let functions be invoked, but none of their versions."""

from __future__ import annotations

import pytest

from tests.rules.identity.support import allow, role, sam
from tests.rules.support import judge

ORDERS = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
FN = {"Fn::GetAtt": ["Fn", "Arn"]}


def sub(text: str) -> dict[str, str]:
    return {"Fn::Sub": text}


@pytest.mark.parametrize(
    ("resources", "fails"),
    [
        ([ORDERS], 1),
        ([ORDERS, f"{ORDERS}:*"], 0),
        ([ORDERS, f"{ORDERS}*"], 0),
        ([ORDERS, "arn:aws:lambda:*:*:function:*"], 0),
        ([ORDERS, f"{ORDERS}-old:*"], 1),
        ([f"{ORDERS}:*"], 0),
        ([f"{ORDERS}:live"], 0),
        (["*"], 0),
        ([FN], 1),
        ([FN, sub("${Fn.Arn}:*")], 0),
        ([FN, sub("arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Fn}:*")], 0),
        ([sub("arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Fn}")], 1),
        ([FN, f"{ORDERS}:*"], 1),
    ],
)
def test_by_what_is_named(resources: list[object], fails: int) -> None:
    found = judge("SK231", role(allow("lambda:InvokeFunction", resources)))
    assert (len(found.fails), len(found.unsure)) == (fails, 0)


def test_other_statements_and_policies_of_the_role_count() -> None:
    assert not judge("SK231", role(allow("lambda:InvokeFunction", ORDERS), allow("lambda:*", f"{ORDERS}:*"))).findings
    wide = "arn:aws:iam::aws:policy/service-role/AWSLambdaRole"
    assert not judge("SK231", role(allow("lambda:InvokeFunction", ORDERS), managed=[wide])).findings


@pytest.mark.parametrize("action", ["lambda:GetFunction", "dynamodb:GetItem"])
def test_other_actions_are_not_told(action: str) -> None:
    assert not judge("SK231", role(allow(action, ORDERS))).findings


def test_a_denial_allows_nothing() -> None:
    assert not judge("SK231", role(allow("lambda:InvokeFunction", ORDERS, Effect="Deny"))).findings


@pytest.mark.parametrize(("more", "persona"), [({"AutoPublishAlias": "live"}, "pedantic"), ({}, "auditor")])
def test_who_hears_of_it(more: dict[str, str], persona: str) -> None:
    named = {"Statement": [allow("lambda:InvokeFunction", {"Fn::GetAtt": ["Called", "Arn"]})]}
    (finding,) = judge("SK231", sam(named, Called=more)).fails
    assert finding.persona == persona
    assert "lets `Called` be invoked" in finding.message


def test_what_sam_fills_in_takes_in_versions() -> None:
    assert not judge("SK231", sam({"LambdaInvokePolicy": {"FunctionName": "orders"}})).findings


def test_what_is_not_known() -> None:
    more = {"Parameters": {"Name": {"Type": "String"}, "Arn": {"Type": "String"}}}
    for resources in ([sub("arn:aws:lambda:eu-west-1:111122223333:function:${Name}")], [ORDERS, {"Ref": "Arn"}]):
        found = judge("SK231", role(allow("lambda:InvokeFunction", resources), more=dict(more)))
        assert (len(found.fails), len(found.unsure)) == (0, 1)
