"""Logs, alarms and trails. Attribute names: the schema of the AWS provider 5.100.0, as of 2026-11-28."""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app
from stockade.model.value import unset

_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
_ACTIONS = lens("alarm_actions", "texts")

TABLES: tuple[Table, ...] = (
    Table(
        "aws_cloudwatch_log_group",
        app.LogGroup,
        {
            "name": lens("name"),
            "retention": lens("retention_in_days", "integer"),
            "kms_key": lens("kms_key_id"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_cloudwatch_log_subscription_filter",
        app.LogSubscription,
        {"name": lens("name"), "log_group": lens("log_group_name"), "destination": lens("destination_arn")},
    ),
    Table(
        "aws_cloudwatch_metric_alarm",
        app.Alarm,
        {
            "name": lens("alarm_name"),
            "namespace": lens("namespace"),
            "metric": lens("metric_name"),
            "dimensions": lens("dimensions", "tags"),
            "actions": _ACTIONS,
            "actions_enabled": lens("actions_enabled", "boolean"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_cloudwatch_metric_alarm/metric_query",
        app.Alarm,
        {
            "namespace": lens("metric.namespace"),
            "metric": lens("metric.metric_name"),
            "dimensions": lens("metric.dimensions", "tags"),
        },
    ),
    Table(
        "aws_cloudwatch_composite_alarm",
        app.Alarm,
        {
            "name": lens("alarm_name"),
            "rule": lens("alarm_rule"),
            "actions": _ACTIONS,
            "actions_enabled": lens("actions_enabled", "boolean"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table("aws_flow_log", app.FlowLog, {"destination": lens("log_destination"), "tags": lens("tags", "tags")}),
    Table(
        "aws_cloudtrail",
        app.Trail,
        {
            "name": lens("name"),
            "logging": lens("enable_logging", "boolean"),
            "validation": lens("enable_log_file_validation", "boolean"),
            "multi_region": lens("is_multi_region_trail", "boolean"),
            "kms_key": lens("kms_key_id"),
            "bucket": lens("s3_bucket_name"),
            "data_resources": lens(
                "event_selector.data_resource.type",
                "texts",
                by="lower_trail",
                also=("event_selector.data_resource.values", "advanced_event_selector.field_selector.equals"),
            ),
            "tags": lens("tags", "tags"),
        },
        (("logging", unset(True, _DOCS + "cloudtrail")),),  # noqa: FBT003 - it is the value
    ),
)
