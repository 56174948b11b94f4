"""Layers that are made for one processor."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

ARN = "arn:aws:lambda:us-east-1:123456789012:layer:"


def function(layer: str, more: str = "") -> str:
    """A function with one layer."""
    return f"""
Parameters:
  Processor: {{Type: String}}
  Insights: {{Type: String}}
Conditions: {{Small: !Equals [!Ref Insights, "small"]}}
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/orders
      Runtime: python3.13
      Handler: app.handler
      Code: {{S3Bucket: b, S3Key: k}}
      Layers: [{layer}]
      {more}
"""


@pytest.mark.parametrize(
    ("layer", "more", "verdict"),
    [
        (f"{ARN}tools-arm64:1", "", "fail"),
        (f"{ARN}tools-aarch64:1", "Architectures: [x86_64]", "fail"),
        (f"{ARN}tools_x86_64:1", "Architectures: [arm64]", "fail"),
        (f"{ARN}tools-amd64:1", "Architectures: [arm64]", "fail"),
        (f"{ARN}tools-amd64:1", "", "pass"),
        (f"{ARN}farm64ers:1", "", "pass"),
        (f"{ARN}tools-x86_64-arm64:1", "", "pass"),  # made for both
        (f"{ARN}tools:1", "Architectures: [arm64]", "pass"),
        (f"{ARN}LambdaInsightsExtension:52", "Architectures: [arm64]", "fail"),
        (f"{ARN}LambdaInsightsExtension:52", "", "pass"),
        (f"{ARN}tools-arm64:1", "Architectures: [!Ref Processor]", "unknown"),
        (f"{ARN}tools-arm64:1", "Architectures: [!If [Small, arm64, x86_64]]", "fail"),  # unless it is small
        (f"{ARN}tools-arm64:1", "Architectures: !If [Small, [arm64], !Ref AWS::NoValue]", "fail"),
        (f"{ARN}tools-x86_64:1", "Architectures: !If [Small, [arm64], !Ref AWS::NoValue]", "fail"),
        ("!Ref Insights", "", "unknown"),
        ('!Sub "arn:aws:lambda:${AWS::Region}:1:layer:tools-${Processor}:1"', "Architectures: [arm64]", "unknown"),
    ],
)
def test_a_layer_is_for_the_processor_that_its_name_tells(layer: str, more: str, verdict: str) -> None:
    assert judge("SK530", function(layer, more)).by_function == {"Orders": verdict}


def test_the_condition_is_told() -> None:
    (finding,) = judge("SK530", function(f"{ARN}tools-arm64:1", "Architectures: [!If [Small, arm64, x86_64]]")).fails
    assert "when Insights is not small" in finding.message
