"""What counts as a change of a model."""

from __future__ import annotations

import pytest

from stockade.model.diff import differences
from tests.inputs.terraform.support import app_of

POLICY = """
data "aws_iam_policy_document" "queue" {{
  statement {{
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
    condition {{
      test     = "StringEquals"
      variable = "{key}"
      values   = ["1"]
    }}
  }}
}}
resource "aws_sqs_queue" "orders" {{ name = "orders" }}
resource "aws_sqs_queue_policy" "orders" {{
  queue_url = aws_sqs_queue.orders.url
  policy    = data.aws_iam_policy_document.queue.json
}}
"""
ALARM = """
resource "aws_cloudwatch_metric_alarm" "errors" {{
  alarm_name  = "errors"
  namespace   = "AWS/Lambda"
  metric_name = "Errors"
  dimensions  = {{ {key} = "orders" }}
}}
"""


@pytest.mark.parametrize(
    ("text", "one", "other", "field"),
    [
        (POLICY, "aws:SourceAccount", "aws:PrincipalAccount", "statements"),
        (ALARM, "FunctionName", "Resource", "dimensions"),
    ],
)
def test_a_key_is_part_of_what_is_compared(text: str, one: str, other: str, field: str) -> None:
    before, after = app_of(text.format(key=one)), app_of(text.format(key=other))
    assert [found.field for found in differences(before, after)] == [field]
    assert not list(differences(before, app_of(text.format(key=one))))
