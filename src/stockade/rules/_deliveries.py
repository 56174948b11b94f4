"""Buckets into which AWS delivers logs: those that nothing else uses, and those that can't have another key than S3's own.

Which services deliver: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html,
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html and
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html (as of 2026-11-28).

The pages about S3's own logs and about those of Application and Classic Load Balancers say too that a bucket may encrypt them
with S3's keys alone (https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-access-logs.html). CloudTrail takes
keys of KMS as well, and so does the delivery of CloudWatch Logs, which Network Load Balancers use.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stockade.iam.principals import service_named
from stockade.model.app import LINKS, App, Bucket, EnvVar, FlowLog, Notification, Policy, Resource, Trail, Variable
from stockade.model.policy import Principal, Statement
from stockade.model.value import Relation, Value, any_of

# Those that write to no bucket whose default encryption takes a key of KMS.
_WITH_S3_KEYS = ("logging.s3.amazonaws.com", "logdelivery.elasticloadbalancing.amazonaws.com")
_SERVICES = ("delivery.logs.amazonaws.com", "cloudtrail.amazonaws.com", *_WITH_S3_KEYS)
# AWS's accounts that deliver the logs of Application and Classic Load Balancers in regions that were there before August 2022.
_BALANCERS = (
    r"(?:.*\D)?(?:009996457667|027434742980|033677994240|037604701340|048591011584|054676820928|076674570225|098369216593|114774131450"
    r"|127311923021|156460612806|190560391635|383597477331|507241528517|582318560864|589379963580|600734575887|635631232127"
    r"|638102146993|652711504416|718504428378|754344448648|783225319266|797873946194|897822967062|985666609251)(?:\D.*)?"
)
_OF_TERRAFORM = "data.aws_elb_service_account."


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


def with_s3_keys_only(app: App) -> frozenset[str]:
    """The keys of the buckets that receive logs of S3 itself or of load balancers, and so can't encrypt with a key of KMS."""
    delivered = {key for bucket in app.of(Bucket) for key in _named(bucket.logging)}
    for bucket in app.of(Bucket):
        for statement in _permissions(bucket):
            principals = statement.principals
            if principals is not None and any(_is_deliverer(one, _WITH_S3_KEYS) for one in principals):
                delivered.add(bucket.key)
    return frozenset(delivered)


def _permissions(bucket: Bucket) -> Iterator[Statement]:
    for policy in bucket.policies:
        yield from (statement for statement in policy.statements if statement.effect.is_("Allow").is_yes)


def _is_deliverer(principal: Principal, services: tuple[str, ...]) -> bool:
    if principal.kind == "Service":
        return any_of(service_named(principal.value, name) for name in services).is_yes
    shown = (reference.shown for _, reference in principal.value.references())
    balancers = principal.value.matches(_BALANCERS).is_yes or any(name.startswith(_OF_TERRAFORM) for name in shown)
    return principal.kind == "AWS" and balancers


def _is_let_in(bucket: Bucket) -> bool:
    """Whether the bucket's policy lets a service in that delivers logs."""
    return any(_is_delivery(statement) for statement in _permissions(bucket))


def _is_delivery(statement: Statement) -> bool:
    """Whether all that a statement is about are services that deliver logs."""
    principals = statement.principals
    return (
        principals is not None
        and bool(principals.items)
        and principals.complete
        and all(_is_deliverer(one, _SERVICES) for one in principals)
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
