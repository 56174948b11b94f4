"""Logs, alarms and trails. Property names: AWS CloudFormation Template Reference, as of 2026-11-21."""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app

_ACTIONS = lens("AlarmActions", "texts")

TABLES: tuple[Table, ...] = (
    Table(
        "AWS::Logs::LogGroup",
        app.LogGroup,
        {
            "name": lens("LogGroupName"),
            "retention": lens("RetentionInDays", "integer"),
            "kms_key": lens("KmsKeyId"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::Logs::SubscriptionFilter",
        app.LogSubscription,
        {"name": lens("FilterName"), "log_group": lens("LogGroupName"), "destination": lens("DestinationArn")},
    ),
    Table(
        "AWS::CloudWatch::Alarm",
        app.Alarm,
        {
            "name": lens("AlarmName"),
            "namespace": lens("Namespace"),
            "metric": lens("MetricName"),
            "dimensions": lens("Dimensions", by="lower_alarm"),
            "actions": _ACTIONS,
            "actions_enabled": lens("ActionsEnabled", "boolean"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::CloudWatch::Alarm/Metrics",
        app.Alarm,
        {
            "namespace": lens("MetricStat.Metric.Namespace"),
            "metric": lens("MetricStat.Metric.MetricName"),
            "dimensions": lens("MetricStat.Metric.Dimensions", by="lower_alarm"),
        },
    ),
    Table(
        "AWS::CloudWatch::CompositeAlarm",
        app.Alarm,
        {
            "name": lens("AlarmName"),
            "rule": lens("AlarmRule"),
            "actions": _ACTIONS,
            "actions_enabled": lens("ActionsEnabled", "boolean"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table("AWS::EC2::FlowLog", app.FlowLog, {"destination": lens("LogDestination"), "tags": lens("Tags", "tags")}),
    Table(
        "AWS::CloudTrail::Trail",
        app.Trail,
        {
            "name": lens("TrailName"),
            "logging": lens("IsLogging", "boolean"),
            "validation": lens("EnableLogFileValidation", "boolean"),
            "multi_region": lens("IsMultiRegionTrail", "boolean"),
            "kms_key": lens("KMSKeyId"),
            "bucket": lens("S3BucketName"),
            "data_resources": lens("EventSelectors", "texts", by="lower_trail"),
            "tags": lens("Tags", "tags"),
        },
    ),
)
