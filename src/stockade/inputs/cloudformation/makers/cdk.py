"""Custom resources of the AWS CDK's library: what their handlers do when the stack is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.cloudformation.makers.data import key_filters
from stockade.knowledge.cdk import singleton
from stockade.model.kinds.base import NULL

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering


def lower_log_retention(lowering: Lowering, found: Declared) -> None:
    """Custom::LogRetention makes a log group, if there is none yet, and sets for how long it keeps events."""
    if _is_the_librarys(lowering, found):
        lowering.add_by_table(found)
    else:  # somebody else's of the same name
        lowering.add_custom(found)


def lower_notifications(lowering: Lowering, found: Declared) -> None:
    """Custom::S3BucketNotifications sets what a bucket notifies, as S3's API takes it."""
    lowering.add_custom(found)
    if not _is_the_librarys(lowering, found):
        return
    bucket = lowering.value_at(found.properties, "BucketName")
    for part in ("LambdaFunctionConfigurations", "QueueConfigurations", "TopicConfigurations"):
        for index, item in enumerate(lowering.items(found.properties, "NotificationConfiguration", part)):
            table, suffix = f"Custom::S3BucketNotifications/{part}", f"/{part}/{index}"
            own: dict[str, Any] = {"bucket_name": NULL if bucket is None else bucket}
            own |= key_filters(lowering, item, "Filter", "Key", "FilterRules")
            lowering.add_part(found, table, item, suffix=suffix, **own)


def _is_the_librarys(lowering: Lowering, found: Declared) -> bool:
    """Whether the CDK's library made a custom resource: by who wrote the template, or by the handler that it names."""
    if lowering.template.synthesised:
        return True
    handler = lowering.value_at(found.properties, "ServiceToken")
    return handler is not None and any(singleton(r.target.rpartition("#")[2]) for _, r in handler.references())


MAKERS = {
    "Custom::LogRetention": lower_log_retention,
    "Custom::S3BucketNotifications": lower_notifications,
}
