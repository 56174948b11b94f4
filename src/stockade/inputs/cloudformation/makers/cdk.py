"""Custom resources of the AWS CDK's library: what their handlers do when the stack is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.cloudformation.cdk import is_synthesised
from stockade.inputs.cloudformation.makers.data import key_filters
from stockade.model.kinds.base import NULL

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering


def lower_log_retention(lowering: Lowering, found: Declared) -> None:
    """Custom::LogRetention makes a log group, if there is none yet, and sets for how long it keeps events."""
    if is_synthesised(lowering.template, found.body):
        lowering.add_by_table(found)
    else:  # somebody else's of the same name
        lowering.add_custom(found)


def lower_notifications(lowering: Lowering, found: Declared) -> None:
    """Custom::S3BucketNotifications sets what a bucket notifies, as S3's API takes it."""
    lowering.add_custom(found)
    if not is_synthesised(lowering.template, found.body):
        return
    bucket = lowering.value_at(found.properties, "BucketName")
    for part in ("LambdaFunctionConfigurations", "QueueConfigurations", "TopicConfigurations"):
        for index, item in enumerate(lowering.items(found.properties, "NotificationConfiguration", part)):
            table, suffix = f"Custom::S3BucketNotifications/{part}", f"/{part}/{index}"
            own: dict[str, Any] = {"bucket_name": NULL if bucket is None else bucket}
            own |= key_filters(lowering, item, "Filter", "Key", "FilterRules")
            lowering.add_part(found, table, item, suffix=suffix, **own)


MAKERS = {
    "Custom::LogRetention": lower_log_retention,
    "Custom::S3BucketNotifications": lower_notifications,
}
