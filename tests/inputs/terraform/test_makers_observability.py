"""Log groups, alarms and trails in Terraform."""

from __future__ import annotations

import pytest

from stockade.model.app import Alarm, Function, LogGroup, Trail
from stockade.model.value import File, ServiceDefault
from tests.inputs.terraform.support import app_of
from tests.inputs.terraform.test_makers_functions import FUNCTION, cases, one


def test_a_retention_of_no_days_is_for_ever() -> None:
    text = """
variable "days" {
  type    = number
  default = 0
}
resource "aws_cloudwatch_log_group" "a" {
  name              = "a"
  retention_in_days = var.days
}
"""
    assert one(app_of(text), LogGroup).retention.is_null().is_yes
    assert one(app_of(text, days="14"), LogGroup).retention.only() == 14


def test_a_retention_by_a_condition() -> None:
    text = """
variable "prod" { type = bool }
resource "aws_cloudwatch_log_group" "a" {
  retention_in_days = var.prod ? 365 : 0
}
"""
    value = one(app_of(text), LogGroup).retention
    assert cases(value) == {"`var.prod` is true": "365", "`var.prod` is false": "not set"}


@pytest.mark.parametrize(
    ("written", "via"),
    [
        ("null", []),
        ("var.days", ["default of variable days"]),
        ("local.days", ["local value days"]),
        ("try(var.all.days, 7)", ["default of variable all"]),
    ],
)
def test_a_retention_of_null_stands_where_it_is_written(written: str, via: list[str]) -> None:
    text = """
variable "days" { default = null }
variable "all" { default = { days = null } }
locals { days = null }
resource "aws_cloudwatch_log_group" "a" {
  name              = "a"
  retention_in_days = %s
}
"""
    retention = one(app_of(text % written), LogGroup).retention
    assert retention.is_null().is_yes
    assert isinstance(retention.origin, File)
    assert retention.origin.span.text == written
    assert [v.what for v in retention.origin.via] == via


def test_a_retention_that_nobody_wrote_has_no_place() -> None:
    retention = one(app_of('resource "aws_cloudwatch_log_group" "a" {\n  name = "a"\n}\n'), LogGroup).retention
    assert isinstance(retention.origin, ServiceDefault)


def test_a_null_in_a_nested_block_and_in_one_arm_of_a_condition_has_its_place() -> None:
    text = FUNCTION % (
        "kms_key_arn = var.prod ? aws_kms_key.k.arn : var.none\n"
        "dead_letter_config {\n  target_arn = var.none\n}\n"
        "memory_size = var.none"
    )
    declared = 'variable "prod" { type = bool }\nvariable "none" { default = null }\nresource "aws_kms_key" "k" {}\n'
    function = one(app_of(text + declared), Function)
    arms = [leaf for _, leaf in function.kms_key.leaves() if leaf.is_null().is_yes]
    for value, place in [*((arm, "var.prod ?") for arm in arms), (function.dead_letter, "var.none")]:
        assert isinstance(value.origin, File)
        assert value.origin.span.text.startswith(place)
        assert [v.what for v in value.origin.via] == ["default of variable none"]
    assert len(arms) == 1
    assert function.memory.is_(128).is_yes
    assert isinstance(function.memory.origin, File)


def test_log_groups_and_alarms_of_a_function() -> None:
    text = (
        FUNCTION % ""
        + """
resource "aws_cloudwatch_log_group" "logs" {
  name = "/aws/lambda/${aws_lambda_function.orders.function_name}"
}
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name    = "errors"
  namespace     = "AWS/Lambda"
  metric_name   = "Errors"
  dimensions    = { FunctionName = aws_lambda_function.orders.function_name }
  alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:t"]
}
"""
    )
    app = app_of(text)
    function = one(app, Function)
    assert list(function.log_groups) == [one(app, LogGroup)]
    (alarm,) = function.alarms
    assert alarm.metric.only() == "Errors"
    assert [a.show() for a in alarm.actions] == ["arn:aws:sns:eu-west-1:111122223333:t"]


def test_an_alarm_over_several_metrics_is_one_record_for_each() -> None:
    text = (
        FUNCTION % ""
        + """
resource "aws_cloudwatch_metric_alarm" "rate" {
  alarm_name    = "rate"
  alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:t"]
  metric_query {
    id          = "rate"
    expression  = "errors / calls"
    return_data = true
  }
  metric_query {
    id = "errors"
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      period      = 60
      stat        = "Sum"
      dimensions  = { FunctionName = "orders" }
    }
  }
  metric_query {
    id = "calls"
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Invocations"
      period      = 60
      stat        = "Sum"
      dimensions  = { FunctionName = "orders" }
    }
  }
}
"""
    )
    app = app_of(text)
    assert [a.metric.show() for a in app.of(Alarm)] == ["Errors", "Invocations"]
    assert [a.metric.show() for a in one(app, Function).alarms] == ["Errors", "Invocations"]
    assert all(len(a.actions) == 1 for a in app.of(Alarm))


def test_what_a_composite_alarm_does_is_done_for_those_it_names() -> None:
    text = """
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name  = "errors"
  metric_name = "Errors"
}
resource "aws_cloudwatch_composite_alarm" "any" {
  alarm_name    = "any"
  alarm_rule    = "ALARM(${aws_cloudwatch_metric_alarm.errors.alarm_name})"
  alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:t"]
}
"""
    alarm = one(app_of(text), Alarm, "aws_cloudwatch_metric_alarm.errors")
    assert [a.show() for a in alarm.actions] == ["arn:aws:sns:eu-west-1:111122223333:t"]


def test_the_data_events_of_a_trail() -> None:
    text = """
resource "aws_cloudtrail" "t" {
  name           = "trail"
  s3_bucket_name = "b"
  event_selector {
    data_resource {
      type   = "AWS::Lambda::Function"
      values = ["arn:aws:lambda"]
    }
  }
  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }
    field_selector {
      field       = "resources.ARN"
      starts_with = ["arn:aws:s3:::orders/"]
    }
  }
}
"""
    trail = one(app_of(text), Trail)
    assert trail.logging.only() is True
    shown = ["AWS::Lambda::Function", "arn:aws:lambda", "AWS::S3::Object", "arn:aws:s3:::orders/"]
    assert [r.show() for r in trail.data_resources] == shown
    assert trail.data_resources.complete


def test_selectors_that_are_not_known() -> None:
    text = """
variable "selectors" {}
resource "aws_cloudtrail" "t" {
  name           = "trail"
  s3_bucket_name = "b"
  dynamic "event_selector" {
    for_each = var.selectors
    content {
      data_resource {
        type   = event_selector.value.type
        values = event_selector.value.values
      }
    }
  }
}
"""
    trail = one(app_of(text), Trail)
    assert "variable `selectors` has no value" in {d.why for d in trail.data_resources.gaps}
