"""Buckets into which AWS delivers logs, and nothing else that can be seen writes.

Which services deliver: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html,
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html and
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html (as of 2026-11-28).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stockade.iam.principals import service_named
from stockade.model.app import LINKS, App, Bucket, EnvVar, FlowLog, Notification, Policy, Resource, Trail, Variable
from stockade.model.policy import Statement
from stockade.model.value import Relation, Value, any_of

_SERVICES = (
    "delivery.logs.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "logging.s3.amazonaws.com",
    "logdelivery.elasticloadbalancing.amazonaws.com",
)


def log_buckets(app: App) -> frozenset[str]:
    """The keys of the buckets of which all that can be seen to use them is AWS, which delivers logs."""
    delivered = {
        *(key for log in app.of(FlowLog) for key in _named(log.destination)),
        *(key for trail in app.of(Trail) for key in _named(trail.bucket)),
        *(key for bucket in app.of(Bucket) for key in _named(bucket.logging) if key != bucket.key),
        *(bucket.key for bucket in app.of(Bucket) if _is_let_in(bucket)),
    }
    if not delivered:
        return frozenset()
    used: set[str] = set()
    for resource in app.resources:
        if not isinstance(resource, FlowLog | Trail | Variable):
            used |= delivered & set(_uses(resource))
    return frozenset(delivered - used)


def _is_let_in(bucket: Bucket) -> bool:
    """Whether the bucket's policy lets a service in that delivers logs."""
    return any(
        statement.effect.is_("Allow").is_yes and _is_delivery(statement)
        for policy in bucket.policies
        for statement in policy.statements
    )


def _is_delivery(statement: Statement) -> bool:
    """Whether all that a statement is about are services that deliver logs."""
    principals = statement.principals
    return (
        principals is not None
        and bool(principals.items)
        and principals.complete
        and all(
            one.kind == "Service" and any_of(service_named(one.value, name) for name in _SERVICES).is_yes
            for one in principals
        )
    )


def _uses(resource: Resource) -> Iterator[str]:
    """The keys of what a resource uses. What is said of a bucket, and who is told of its objects, uses nothing of it."""
    if isinstance(resource, Notification):
        return
    guarded = {bucket.key for bucket in getattr(resource, "guards", ())} if isinstance(resource, Policy) else set()
    if guarded:
        for statement in resource.statements if isinstance(resource, Policy) else ():
            if statement.effect.is_("Allow").is_yes and not _is_delivery(statement):
                yield from guarded
        return
    for name in type(resource).__struct_fields__:
        if name not in LINKS and not (isinstance(resource, Bucket) and name in {"logging", "name"}):
            yield from _named(getattr(resource, name))


def _named(value: Any) -> Iterator[str]:  # noqa: ANN401 - any field of any record
    """The keys of what is referred to in a value, or in each of a list."""
    if isinstance(value, Value):
        yield from (reference.target for _, reference in value.references())
    elif isinstance(value, Relation):
        for item in value.items:
            yield from _named(item)
    elif isinstance(value, EnvVar):
        yield from _named(value.value)
    elif isinstance(value, Statement):
        yield from _named(value.resources)
        yield from _named(value.not_resources)
