"""Log groups, alarms, trails."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from stockade.model.kinds.base import CFN, NONE, NULL, Resource
from stockade.model.value import Relation, Value, unset

if TYPE_CHECKING:
    from stockade.model.kinds.base import Tag


class LogGroup(Resource, frozen=True, eq=False, kw_only=True):
    """A CloudWatch log group. Without a retention its events are kept for ever."""

    kind: ClassVar[str] = "log-group"

    retention: Value[int] = NULL  # days
    kms_key: Value[str] = NULL
    generated: bool = False  # a framework makes it for a function


class LogSubscription(Resource, frozen=True, eq=False, kw_only=True):
    """A subscription filter of a log group."""

    kind: ClassVar[str] = "log-subscription"

    log_group: Value[str] = NULL
    destination: Value[str] = NULL


class Alarm(Resource, frozen=True, eq=False, kw_only=True):
    """A CloudWatch alarm. An alarm that computes over several metrics is one record for each metric that it uses.

    A composite alarm has a `rule`; what it does is added to the `actions` of the alarms that the rule names.
    """

    kind: ClassVar[str] = "alarm"

    namespace: Value[str] = NULL
    metric: Value[str] = NULL
    dimensions: Relation[Tag] = NONE
    actions: Relation[Value[str]] = NONE
    rule: Value[str] = NULL
    actions_enabled: Value[bool] = unset(True, CFN + "aws-resource-cloudwatch-alarm.html")


class FlowLog(Resource, frozen=True, eq=False, kw_only=True):
    """What AWS writes down of the traffic of a network."""

    kind: ClassVar[str] = "flow-log"

    destination: Value[str] = NULL  # a bucket, a log group or a stream, by its ARN


class Trail(Resource, frozen=True, eq=False, kw_only=True):
    """A CloudTrail trail."""

    kind: ClassVar[str] = "trail"

    logging: Value[bool] = NULL
    validation: Value[bool] = unset(False, CFN + "aws-resource-cloudtrail-trail.html")
    multi_region: Value[bool] = unset(False, CFN + "aws-resource-cloudtrail-trail.html")
    kms_key: Value[str] = NULL
    bucket: Value[str] = NULL  # where its logs are kept
    data_resources: Relation[Value[str]] = NONE  # resource types or ARNs of its data events
