"""What encrypts a topic, for the rules that ask it.

The policy of the key that AWS manages lets in who is in the account, by way of SNS, and can't be changed: a service that
publishes in its own name needs a key of the user's own whose policy lets it in.
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html (as of 2026-11-28).
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.statements import takes_in
from stockade.model.app import Alarm, App, EventRule, Notification, Topic
from stockade.model.intent import Fix, Set
from stockade.model.value import Value
from stockade.rules._words import by_format, join

_WHY = "other services that publish to the topic can't use that key"


def key_help(app: App, topic: Topic) -> str:
    """Which key to name, and where."""
    setting = by_format(topic, "KmsMasterKeyId", "kms_master_key_id")
    services = [*dict.fromkeys(_publishers(app, topic))]
    if services:
        named = join(f"`{service}`" for service in services)
        return f"set `{setting}` to a key of your own whose policy lets {named} use it: the key of SNS can't let services in"
    return f"set `{setting}` to alias/aws/sns, or to a key of your own where services publish to it"


def key_fix(app: App, topic: Topic) -> Fix:
    """The key of SNS, where no service is seen to publish."""
    if any(_publishers(app, topic)):
        return Fix.advice("encrypt the topic with a key of your own")
    return Fix.unsafe("encrypt the topic with the key of SNS", Set(topic, "kms_key", "alias/aws/sns"), why=_WHY)


def _publishers(app: App, topic: Topic) -> Iterator[str]:
    """The services that publish to a topic: by its policy, or since something of them names it as where to."""
    for policy in topic.policies:
        for statement in policy.statements:
            if not statement.effect.is_("Deny").is_yes and not takes_in(statement, "sns:Publish").is_no:
                principals = statement.principals.items if statement.principals is not None else ()
                yield from (one.value.show() for one in principals if one.kind == "Service")
    if any(_names(target.arn, topic) for rule in app.of(EventRule) for target in rule.targets):
        yield "events.amazonaws.com"
    if any(_names(action, topic) for alarm in app.of(Alarm) for action in alarm.actions):
        yield "cloudwatch.amazonaws.com"
    if any(_names(notification.destination, topic) for notification in app.of(Notification)):
        yield "s3.amazonaws.com"


def _names(value: Value[str], topic: Topic) -> bool:
    return any(reference.target == topic.key for _, reference in value.references())
