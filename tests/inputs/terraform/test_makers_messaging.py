"""Queues, topics, rules, schedules, pipes, state machines and buses in Terraform."""

from __future__ import annotations

import pytest

from stockade.model.app import (
    EventRule,
    Function,
    IotRule,
    Pipe,
    Policy,
    Queue,
    ReceiptRule,
    Schedule,
    StateMachine,
    Topic,
)
from tests.inputs.terraform.support import app_of
from tests.inputs.terraform.test_makers_functions import FUNCTION, cases, one

ARN = "arn:aws:lambda:eu-west-1:111122223333:function:orders"


def test_a_redrive_policy_is_a_text_in_json() -> None:
    text = """
resource "aws_sqs_queue" "dead" {}
resource "aws_sqs_queue" "orders" {
  redrive_policy = <<EOF
{"deadLetterTargetArn": "${aws_sqs_queue.dead.arn}", "maxReceiveCount": "4"}
EOF
}
"""
    app = app_of(text)
    queue, dead = one(app, Queue, "aws_sqs_queue.orders"), one(app, Queue, "aws_sqs_queue.dead")
    assert queue.dead_letter.show() == "${aws_sqs_queue.dead.arn}"
    assert queue.max_receive.only() == 4
    assert dead.dead_letter_of == (queue,)
    assert dead.dead_letter.is_null().is_yes


def test_a_redrive_policy_beside_the_queue() -> None:
    text = """
variable "redrive" { type = bool }
resource "aws_sqs_queue" "orders" {}
resource "aws_sqs_queue_redrive_policy" "orders" {
  count          = var.redrive ? 1 : 0
  queue_url      = aws_sqs_queue.orders.id
  redrive_policy = "{\\"deadLetterTargetArn\\": \\"arn:aws:sqs:eu-west-1:111122223333:dead\\", \\"maxReceiveCount\\": 3}"
}
"""
    queue = one(app_of(text), Queue)
    assert cases(queue.max_receive) == {"`var.redrive` is true": "3", "`var.redrive` is false": "not set"}


def test_policies_inside_and_beside_are_put_on_their_resources() -> None:
    text = """
resource "aws_sqs_queue" "orders" {
  policy = "{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Principal\\": \\"*\\", \\"Action\\": \\"sqs:*\\"}]}"
}
resource "aws_sns_topic" "orders" {}
resource "aws_sns_topic_policy" "orders" {
  arn    = aws_sns_topic.orders.arn
  policy = "{\\"Statement\\": []}"
}
"""
    app = app_of(text)
    queue, topic = one(app, Queue), one(app, Topic)
    (inside,) = queue.policies
    (beside,) = topic.policies
    assert inside.form == "resource"
    assert len(inside.statements) == 1
    assert inside.guards == (queue,)
    assert beside.guards == (topic,)


def test_targets_are_in_their_rule() -> None:
    text = (
        FUNCTION % ""
        + """
variable "daily" { type = bool }
resource "aws_cloudwatch_event_rule" "daily" {
  name                = "daily"
  schedule_expression = "rate(1 day)"
}
resource "aws_cloudwatch_event_target" "daily" {
  count = var.daily ? 1 : 0
  rule  = aws_cloudwatch_event_rule.daily.name
  arn   = aws_lambda_function.orders.arn
  retry_policy {
    maximum_retry_attempts = 2
  }
}
"""
    )
    app = app_of(text)
    rule, function = one(app, EventRule), one(app, Function)
    (target,) = rule.targets
    assert target.arn.show() == "${aws_lambda_function.orders.arn}"
    assert target.max_retries.only() == 2
    assert [p.text for p in target.exists] == ["`var.daily` is true"]
    assert [(i.via, i.source) for i in function.invokers] == [("schedule", rule)]
    assert app.gaps == ()


def test_rules_of_one_name_on_two_buses_have_their_own_targets() -> None:
    text = f"""
resource "aws_cloudwatch_event_rule" "a" {{
  name          = "made"
  event_pattern = "{{}}"
}}
resource "aws_cloudwatch_event_rule" "b" {{
  name           = "made"
  event_bus_name = "shop"
  event_pattern  = "{{}}"
}}
resource "aws_cloudwatch_event_target" "b" {{
  rule           = "made"
  event_bus_name = "shop"
  arn            = "{ARN}"
}}
"""
    app = app_of(text)
    assert len(one(app, EventRule, "aws_cloudwatch_event_rule.a").targets) == 0
    assert len(one(app, EventRule, "aws_cloudwatch_event_rule.b").targets) == 1


def test_a_target_of_a_rule_elsewhere_is_kept() -> None:
    text = (
        FUNCTION % ""
        + """
resource "aws_cloudwatch_event_target" "t" {
  rule = "theirs"
  arn  = aws_lambda_function.orders.arn
}
"""
    )
    app = app_of(text)
    rule = one(app, EventRule)
    assert rule.name.only() == "theirs"
    assert rule.state.is_("ENABLED").truth == "maybe"
    assert [i.source for i in one(app, Function).invokers] == [rule]


@pytest.mark.parametrize(
    ("stated", "state"),
    [("is_enabled = false", "DISABLED"), ('state = "DISABLED"', "DISABLED"), ("is_enabled = true", "ENABLED")],
)
def test_the_state_of_a_rule(stated: str, state: str) -> None:
    text = f'resource "aws_cloudwatch_event_rule" "r" {{\n schedule_expression = "rate(1 day)"\n {stated}\n}}'
    assert one(app_of(text), EventRule).state.only() == state


def test_a_schedule() -> None:
    text = f"""
resource "aws_scheduler_schedule" "daily" {{
  schedule_expression = "rate(1 day)"
  target {{
    arn      = "{ARN}"
    role_arn = "arn:aws:iam::111122223333:role/r"
    dead_letter_config {{
      arn = "arn:aws:sqs:eu-west-1:111122223333:dead"
    }}
  }}
}}
"""
    (target,) = one(app_of(text), Schedule).targets
    assert target.arn.only() == ARN
    assert target.dead_letter.only() == "arn:aws:sqs:eu-west-1:111122223333:dead"


def test_a_pipe() -> None:
    text = (
        FUNCTION % ""
        + """
resource "aws_pipes_pipe" "p" {
  source   = "arn:aws:sqs:eu-west-1:111122223333:q"
  target   = aws_lambda_function.orders.arn
  role_arn = "arn:aws:iam::111122223333:role/r"
  target_parameters {
    input_template = "{}"
  }
}
"""
    )
    app = app_of(text)
    (target,) = one(app, Pipe).targets
    assert target.input.only() == "{}"
    assert [i.via for i in one(app, Function).invokers] == ["pipe"]


def test_what_a_state_machine_calls() -> None:
    text = (
        FUNCTION % ""
        + """
variable "next" {}
resource "aws_sfn_state_machine" "m" {
  role_arn   = "arn:aws:iam::111122223333:role/r"
  definition = <<EOF
{
  "StartAt": "A",
  "States": {
    "A": {"Type": "Task", "Resource": "${aws_lambda_function.orders.arn}:live", "Next": "B"},
    "B": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "other"}},
    "C": {"Type": "Task", "Resource": "${var.next}", "Comment": "arnica is no ARN"}
  }
}
EOF
}
"""
    )
    app = app_of(text)
    calls = one(app, StateMachine).calls
    shown = ["${aws_lambda_function.orders.arn}:live", "arn:aws:states:::lambda:invoke", "other", "${var.next}"]
    assert [c.show() for c in calls] == shown
    assert [d.why for d in calls.gaps] == ["variable `next` has no value"]
    assert [i.via for i in one(app, Function).invokers] == ["states"]


def test_a_definition_that_is_no_document_still_names_what_it_names() -> None:
    text = (
        FUNCTION % ""
        + """
resource "aws_sfn_state_machine" "m" {
  role_arn   = "arn:aws:iam::111122223333:role/r"
  definition = "broken ${aws_lambda_function.orders.arn} and %s"
}
"""
        % (ARN + "2")
    )
    calls = one(app_of(text), StateMachine).calls
    assert [c.show() for c in calls] == ["${aws_lambda_function.orders.arn}", ARN + "2"]


def test_the_policy_of_a_bus_in_the_older_form() -> None:
    text = """
resource "aws_cloudwatch_event_permission" "org" {
  principal    = "*"
  statement_id = "org"
  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = "o-1"
  }
}
resource "aws_cloudwatch_event_permission" "account" {
  principal      = "111122223333"
  statement_id   = "account"
  event_bus_name = "shop"
}
"""
    app = app_of(text)
    (org,) = one(app, Policy, "aws_cloudwatch_event_permission.org").statements
    assert org.principals is not None
    assert org.actions is not None
    assert [(p.kind, p.value.show()) for p in org.principals] == [("*", "*")]
    assert [a.show() for a in org.actions] == ["events:PutEvents"]
    assert [(c.operator, c.key, [v.show() for v in c.values]) for c in org.conditions] == [
        ("StringEquals", "aws:PrincipalOrgID", ["o-1"])
    ]
    account = one(app, Policy, "aws_cloudwatch_event_permission.account")
    (statement,) = account.statements
    assert statement.principals is not None
    assert [(p.kind, p.value.show()) for p in statement.principals] == [("AWS", "111122223333")]
    assert [t.show() for t in account.targets] == ["shop"]


RULES = """
resource "aws_iot_topic_rule" "r" {
  name        = "r"
  enabled     = true
  sql         = "SELECT * FROM 't'"
  sql_version = "2016-03-23"
  lambda {
    function_arn = aws_lambda_function.orders.arn
  }
  error_action {
    lambda {
      function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:other"
    }
  }
}
resource "aws_ses_receipt_rule" "r" {
  name          = "r"
  rule_set_name = "s"
  lambda_action {
    function_arn = aws_lambda_function.orders.arn
    position     = 1
  }
}
"""


def test_iot_and_receipt_rules_call_functions() -> None:
    app = app_of(FUNCTION % "" + RULES)
    other = "arn:aws:lambda:eu-west-1:111122223333:function:other"
    assert [a.show() for a in one(app, IotRule).function_arns] == ["${aws_lambda_function.orders.arn}", other]
    assert one(app, ReceiptRule).scan.is_true().is_no
    assert sorted(i.via for i in one(app, Function).invokers) == ["iot", "ses"]


def test_a_name_is_not_what_a_resource_is_referred_to_by() -> None:
    app = app_of(
        """
        resource "aws_sns_topic" "news" { name = "news" }
        resource "aws_sqs_queue" "orders" { name = "orders" }
        resource "aws_lambda_function" "teller" {
          function_name = "teller"
          environment {
            variables = {
              TOPIC_NAME = aws_sns_topic.news.name
              TOPIC      = aws_sns_topic.news.id
              QUEUE_NAME = aws_sqs_queue.orders.name
              QUEUE      = aws_sqs_queue.orders.url
            }
          }
        }
        """
    )
    [function] = app.functions
    words = {v.name: reference.attribute for v in function.environment for _, reference in v.value.references()}
    assert words == {"TOPIC_NAME": "Name", "TOPIC": "Ref", "QUEUE_NAME": "Name", "QUEUE": "Ref"}
