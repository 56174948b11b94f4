"""The rules of observability that only checklists ask for: SK743."""

from __future__ import annotations

import pytest

from tests.rules.support import judge


@pytest.mark.parametrize("argument", ["sqs_success_feedback_role_arn", "application_failure_feedback_role_arn"])
def test_any_protocol_counts(argument: str) -> None:
    assert not judge("SK743", f'resource "aws_sns_topic" "t" {{\n  {argument} = "arn:aws:iam::1:role/a"\n}}\n').findings


def test_what_is_handed_in() -> None:
    text = (
        'variable "r" {\n  type = string\n  default = null\n}\n'
        'resource "aws_sns_topic" "t" {\n  lambda_failure_feedback_role_arn = var.r\n}\n'
    )
    assert len(judge("SK743", text).fails) == 1
    assert not judge("SK743", text, r="arn:aws:iam::1:role/a").findings


def test_protocols_of_cloudformation() -> None:
    text = (
        "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {DeliveryStatusLogging: "
        "[{Protocol: sqs, SuccessFeedbackRoleArn: 'arn:aws:iam::1:role/a'}]}}\n"
    )
    assert not judge("SK743", text).findings
