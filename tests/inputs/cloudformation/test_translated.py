"""Templates that SAM has made: what is wrong there is to be changed in what they are made of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stockade.inputs.write import written_for
from stockade.model.app import Function, Role, Stream
from stockade.model.intent import Set
from tests.rules.support import app_of

STREAM = {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1}, "Metadata": {"SamResourceId": "Stream"}}
FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {
        "Runtime": "python3.13",
        "Handler": "app.handler",
        "Code": {"S3Bucket": "b", "S3Key": "k"},
        "Role": {"Fn::GetAtt": ["OrdersRole", "Arn"]},
    },
    "Metadata": {"SamResourceId": "Orders"},
}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}}
MADE: dict[str, Any] = {"Stream": STREAM, "Orders": FUNCTION, "OrdersRole": ROLE}


def refused(resources: dict[str, Any], kind: type[Any], field: str, value: object, **sections: Any) -> str:
    """Why a field of the first resource of a kind can't be written."""
    app = app_of(json.dumps({"Resources": resources, **sections}))
    return written_for((Set(app.of(kind)[0], field, value),)).refused


def test_it_is_changed_in_the_source() -> None:
    why = "SAM writes the template: change `{}` in the template that this one is made of"
    assert refused(MADE, Stream, "encryption", "KMS") == why.format("Stream")
    assert refused(MADE, Function, "memory", 512) == why.format("Orders")
    assert refused(MADE, Role, "description", "x") == why.format("Orders")


def test_what_is_made_of_no_resource_names_none() -> None:
    api = {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"ApiId": "a", "StageName": "$default"}}
    app = app_of(json.dumps({"Resources": MADE | {"ServerlessHttpApiStage": api}}))
    refusals = [r.site.refuses for r in app.resources if r.address == "ServerlessHttpApiStage" and r.site is not None]
    assert set(refusals) == {"SAM writes the template: change it in the template that this one is made of"}


@pytest.mark.parametrize(
    ("resources", "sections"),
    [
        # The transform is still to come.
        (MADE, {"Transform": "AWS::Serverless-2016-10-31"}),
        # So it is where a type of SAM's is left.
        (MADE | {"Table": {"Type": "AWS::Serverless::SimpleTable"}}, {}),
        # One resource was copied from such a template.
        (MADE | {"Other": {"Type": "AWS::SQS::Queue"}}, {}),
        ({"Stream": STREAM | {"Metadata": {"SamResourceId": "Elsewhere"}}}, {}),
        ({"Stream": {k: v for k, v in STREAM.items() if k != "Metadata"}}, {}),
    ],
)
def test_other_templates_are_changed_in_place(resources: dict[str, Any], sections: dict[str, Any]) -> None:
    assert refused(resources, Stream, "encryption", "KMS", **sections) == ""
