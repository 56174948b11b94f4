"""Queues, topics, events, streams and what moves messages.

Attribute names: the schema of the AWS provider 5.100.0, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app
from stockade.model.value import unset

_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
_REDRIVE: dict[str, Lens] = {
    "dead_letter": lens("redrive_policy.deadLetterTargetArn"),
    "max_receive": lens("redrive_policy.maxReceiveCount", "integer"),
}
# With which roles a topic logs what became of its messages, by what they were delivered to.
_DELIVERIES: tuple[str, ...] = tuple(
    f"{kind}_{case}_feedback_role_arn"
    for kind in ("lambda", "sqs", "http", "firehose", "application")
    for case in ("success", "failure")
)
_TARGET: dict[str, Lens] = {
    "arn": lens("arn"),
    "dead_letter": lens("dead_letter_config.arn"),
    "role": lens("role_arn"),
    "input": lens("input"),
    "max_retries": lens("retry_policy.maximum_retry_attempts", "integer"),
}

TABLES: tuple[Table, ...] = (
    Table(
        "aws_sqs_queue",
        app.Queue,
        {
            "name": lens("name"),
            "fifo": lens("fifo_queue", "boolean"),
            "visibility_timeout": lens("visibility_timeout_seconds", "integer"),
            "retention": lens("message_retention_seconds", "integer"),
            "kms_key": lens("kms_master_key_id"),
            "managed_sse": lens("sqs_managed_sse_enabled", "boolean"),
            **_REDRIVE,
            "tags": lens("tags", "tags"),
        },
    ),
    Table("aws_sqs_queue_redrive_policy", app.Queue, _REDRIVE),
    Table(
        "aws_sns_topic",
        app.Topic,
        {
            "name": lens("name"),
            "fifo": lens("fifo_topic", "boolean"),
            "kms_key": lens("kms_master_key_id"),
            "delivery_log_roles": lens(_DELIVERIES[0], "texts", also=_DELIVERIES[1:]),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_sns_topic_subscription",
        app.Subscription,
        {
            "topic_arn": lens("topic_arn"),
            "protocol": lens("protocol"),
            "endpoint": lens("endpoint"),
            "dead_letter": lens("redrive_policy.deadLetterTargetArn"),
            "filter": lens("filter_policy", "json"),
        },
    ),
    Table(
        "aws_kinesis_stream",
        app.Stream,
        {
            "name": lens("name"),
            "encryption": lens("encryption_type"),
            "kms_key": lens("kms_key_id"),
            "retention": lens("retention_period", "integer"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_cloudwatch_event_bus",
        app.EventBus,
        {"name": lens("name"), "kms_key": lens("kms_key_identifier"), "tags": lens("tags", "tags")},
    ),
    Table(
        "aws_cloudwatch_event_rule",
        app.EventRule,
        {
            "name": lens("name"),
            "schedule": lens("schedule_expression"),
            "pattern": lens("event_pattern", "json"),
            "bus": lens("event_bus_name"),
            "state": lens("state", by="lower_rule"),
            "targets": lens("name", by="rule_targets"),
            "tags": lens("tags", "tags"),
        },
        (("bus", unset("default", _DOCS + "cloudwatch_event_rule")),),
    ),
    Table("aws_cloudwatch_event_target", app.Target, _TARGET),
    Table(
        "aws_scheduler_schedule",
        app.Schedule,
        {
            "name": lens("name"),
            "expression": lens("schedule_expression"),
            "kms_key": lens("kms_key_arn"),
            "state": lens("state"),
            "targets": lens("target", by="lower_schedule"),
        },
    ),
    Table("aws_scheduler_schedule/target", app.Target, _TARGET),
    Table(
        "aws_pipes_pipe",
        app.Pipe,
        {
            "name": lens("name"),
            "source_arn": lens("source"),
            "enrichment": lens("enrichment"),
            "role": lens("role_arn"),
            "targets": lens("target", by="lower_pipe"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_sfn_state_machine",
        app.StateMachine,
        {
            "name": lens("name"),
            "type_": lens("type"),
            "role": lens("role_arn"),
            "log_level": lens("logging_configuration.level"),
            "log_data": lens("logging_configuration.include_execution_data", "boolean"),
            "tracing": lens("tracing_configuration.enabled", "boolean"),
            "kms_key": lens("encryption_configuration.kms_key_id"),
            "calls": lens("definition", by="definition_calls"),
            "texts": lens("definition", "variables", by="definition_texts"),
            "definition": lens("definition", by="definition_tree"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_iot_topic_rule",
        app.IotRule,
        {
            "name": lens("name"),
            "sql": lens("sql"),
            "function_arns": lens("lambda.function_arn", "texts", also=("error_action.lambda.function_arn",)),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_ses_receipt_rule",
        app.ReceiptRule,
        {
            "name": lens("name"),
            "function_arns": lens("lambda_action.function_arn", "texts"),
            "scan": lens("scan_enabled", "boolean"),
        },
        (("scan", unset(False, _DOCS + "ses_receipt_rule")),),  # noqa: FBT003 - it is the value
    ),
)
