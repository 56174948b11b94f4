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
