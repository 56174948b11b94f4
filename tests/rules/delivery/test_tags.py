"""Tags of functions, wherever they come from."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

FUNCTION = """
Transform: AWS::Serverless-2016-10-31
Parameters: {{Tags: {{Type: String}}}}
{head}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: python3.13, Handler: app.handler, CodeUri: src/{more}}}
"""


@pytest.mark.parametrize(
    ("head", "more", "verdict"),
    [
        ("", "", "fail"),
        ("Globals: {Function: {Tags: {team: shop}}}", "", "pass"),
        ("", ", Tags: {team: shop}", "pass"),
        ("", ", Tags: !Ref Tags", "unknown"),
    ],
)
def test_where_tags_come_from(head: str, more: str, verdict: str) -> None:
    assert judge("SK801", FUNCTION.format(head=head, more=more)).by_function == {"Orders": verdict}


def test_tags_that_sam_makes_are_none_of_yours() -> None:
    text = FUNCTION.format(head="", more="")
    (sam,) = judge("SK801", text).fails
    assert sam.message == "`Orders` has no tags of yours"
    plain = "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n    Properties: {Code: {S3Bucket: b, S3Key: k}}\n"
    (own,) = judge("SK801", plain).fails
    assert own.message == "`Orders` has no tags"


def test_the_stage_with_which_the_serverless_framework_tags_its_stack_is_none_of_yours() -> None:
    head = "service: shop\nprovider: {name: aws, runtime: python3.13}\n"
    (made,) = judge("SK801", f"{head}functions: {{orders: {{handler: a.b}}}}\n").fails
    assert made.message == "`orders` has no tags of yours"
    plain = "{Type: AWS::Lambda::Function, Properties: {Code: {S3Bucket: b, S3Key: k}}}"
    (own,) = judge("SK801", f"{head}resources: {{Resources: {{Orders: {plain}}}}}\n").fails
    assert own.message == "`Orders` has no tags of yours"


def test_only_sam_has_globals() -> None:
    (sam,) = judge("SK801", FUNCTION.format(head="", more="")).fails
    assert "`Globals`" in sam.help
    plain = "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n    Properties: {Code: {S3Bucket: b, S3Key: k}}\n"
    (own,) = judge("SK801", plain).fails
    assert own.help == "tag them all at once: by tags of the stack"
