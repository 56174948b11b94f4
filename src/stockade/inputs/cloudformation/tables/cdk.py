"""Custom resources of the AWS CDK's library that stand for something of AWS's own. Source: aws-cdk-lib 2.276.0."""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app

TABLES: tuple[Table, ...] = (
    Table(
        "Custom::LogRetention",
        app.LogGroup,
        {"name": lens("LogGroupName"), "retention": lens("RetentionInDays", "integer")},
    ),
    *(
        Table(
            f"Custom::S3BucketNotifications/{part}",
            app.Notification,
            {
                "bucket_name": lens("BucketName", by="lower_notifications"),
                "destination": lens(destination),
                "events": lens("Events", "texts"),
                **{
                    f"key_{name}": lens(
                        "Filter.Key.FilterRules.*.Value", by="lower_notifications", item=(("Name", name),)
                    )
                    for name in ("prefix", "suffix")
                },
            },
        )
        for part, destination in (
            ("LambdaFunctionConfigurations", "LambdaFunctionArn"),
            ("QueueConfigurations", "QueueArn"),
            ("TopicConfigurations", "TopicArn"),
        )
    ),
)
