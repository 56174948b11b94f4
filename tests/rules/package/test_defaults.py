"""Memory and timeout as the service has them by itself: SK508, SK509."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stockade import api
from tests.rules.support import TODAY, judge

SAM = "Transform: AWS::Serverless-2016-10-31\n"
_SAM = """Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/%s}
"""
_PLAIN = """Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt R.Arn, Code: {S3Bucket: b, S3Key: k}%s}
"""
_HCL = """resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
%s}
"""
_SERVICE = """service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler%s}
"""


@pytest.mark.parametrize(
    "text",
    [
        SAM + _SAM % ", Timeout: 3, MemorySize: 128",
        SAM + "Globals: {Function: {Timeout: 3, MemorySize: 128}}\n" + _SAM % "",
        _PLAIN % ", Timeout: 3, MemorySize: 128",
        _HCL % "  timeout = 3\n  memory_size = 128\n",
        'variable "t" { default = 3 }\nvariable "m" { default = 128 }\n'
        + _HCL % "  timeout = var.t\n  memory_size = var.m\n",
        _SERVICE % ", timeout: 3, memorySize: 128",
    ],
)
def test_who_states_the_default_has_chosen_it(text: str) -> None:
    for code in ("SK508", "SK509"):
        assert list(judge(code, text).by_function.values()) == ["pass"]


def test_only_the_branch_that_states_nothing_has_the_default() -> None:
    head = SAM + "Parameters: {Stage: {Type: String}}\nConditions: {Prod: !Equals [!Ref Stage, prod]}\n"
    text = head + _SAM % ", MemorySize: !If [Prod, 128, !Ref AWS::NoValue]"
    [finding] = judge("SK508", text).fails
    assert finding.message == "`Orders` has the default memory of 128 MB when Stage is not prod"
    assert not judge("SK508", text, Stage="prod").fails


@pytest.mark.parametrize(
    ("text", "memory", "timeout"),
    [
        (SAM + _SAM % "", "MemorySize", "Timeout"),
        (_PLAIN % "", "MemorySize", "Timeout"),
        (_HCL % "", "memory_size", "timeout"),
    ],
)
def test_who_writes_nothing_is_asked_to_state_it(text: str, memory: str, timeout: str) -> None:
    [finding] = judge("SK508", text).fails
    assert (finding.message[-33:], finding.help) == (
        " has the default memory of 128 MB",
        f"measure, and state `{memory}`",
    )
    [finding] = judge("SK509", text).fails
    assert finding.message.endswith("` has the default timeout of 3 seconds")
    assert finding.help == f"measure, and state `{timeout}`"


def test_the_framework_states_other_numbers() -> None:
    assert not judge("SK508", _SERVICE % "").findings
    assert not judge("SK509", _SERVICE % "").findings


def test_what_a_provider_has_filled_in_is_stated_by_nobody(tmp_path: Path) -> None:
    plans = Path(__file__).parents[2] / "inputs" / "terraform" / "plans"
    told: dict[str, list[str]] = {}
    for name in ("app", "deployed"):
        shutil.copytree(plans / name, tmp_path / name)
        found = api.scan(tmp_path / name, select=["SK508", "SK509"], persona="pedantic", today=TODAY).findings
        assert found
        told[name] = [f.subject.address for f in found if f.rule.code == "SK508"]
    # A state holds what the provider has filled in, and no configuration: there, every function has the default.
    assert told["deployed"]
    assert 'module.worker["slow"].aws_lambda_function.this' not in told["app"]  # whose variables give as much
