"""Where failed events of functions go, which rules of several domains ask."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.allows import may_call, roles_of
from stockade.knowledge.schedules import comes_hourly
from stockade.model.app import (
    App,
    AsyncConfig,
    EventRule,
    EventSource,
    Function,
    Policy,
    Queue,
    Resource,
    Role,
    Schedule,
)
from stockade.model.intent import New, To
from stockade.model.places import is_terraform
from stockade.model.value import Tri, Value
from stockade.rules._words import is_made, names

_SEND = "sqs:SendMessage"


def failures(app: App) -> Iterator[tuple[Value[str], Function]]:
    """Every place that failed events of functions go to, and whose they are."""
    for function in app.functions:
        yield function.dead_letter, function
    for config in app.of(AsyncConfig):
        if config.function is not None:
            yield config.on_failure, config.function
    for source in app.of(EventSource):
        if source.function is not None:
            yield source.on_failure, source.function
            if isinstance(source.source, Queue):
                yield source.source.dead_letter, source.function


def keepers(app: App) -> set[int]:
    """By their `id()`, the resources that failed events of functions go to."""
    found: tuple[Resource | None, ...] = tuple(
        app.get(reference.target) for value, _ in failures(app) for _, reference in value.references()
    )
    return {id(resource) for resource in found if resource is not None}


def comes_again(sender: EventRule | Schedule) -> Tri:
    """Whether what is lost comes again within an hour: by a schedule alone, for what a pattern lets through comes once."""
    expression = sender.expression if isinstance(sender, Schedule) else sender.schedule
    often = expression.is_set() & expression.where(lambda text: text is not None and comes_hourly(str(text)))
    return often if isinstance(sender, Schedule) else often & ~sender.pattern.is_set()


def lacking(app: App, function: Function) -> tuple[Role, ...]:
    """The roles of a function that are not known to let it send to any queue. A framework allows it to those that it makes."""
    written = (role for _, role in roles_of(function) if not role.generated and not is_made(role))
    return tuple(role for role in written if not may_call(app, role, _SEND, widely=True).is_yes)


def allow_too(app: App, function: Function | None) -> str:
    """For the help that speaks of a queue: which role has to be allowed to send there, if any. Lambda sends with the function's.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html (as of 2026-11-28).
    """
    roles = lacking(app, function) if function is not None else ()
    if roles:
        return f", and let {names(roles, of='role')} call `{_SEND}` on it"
    if function is None or not roles_of(function):
        return f"; {'the role of the function' if function is None else 'its role'} has to allow `{_SEND}` on it"
    return ""


def is_allowed(app: App, function: Function | None) -> bool:
    """Whether a function may send to a queue that is new, once what `allowing` says is there."""
    if function is None or not roles_of(function):
        return False
    roles = lacking(app, function)
    return not roles or _takes_more(roles)


def _takes_more(roles: tuple[Role, ...]) -> bool:
    """Whether a policy can be written for them: for one role that is there in every case, else it would be of nothing in some."""
    return len(roles) == 1 and not roles[0].exists


def allowing(app: App, function: Function | None, queue: New, beside: Resource) -> tuple[New, ...]:
    """For a fix that makes a queue: the policy by which a function's role may send there, where that is written here."""
    roles = lacking(app, function) if function is not None else ()
    if not _takes_more(roles):
        return ()
    (role,) = roles
    statement = {"Effect": "Allow", "Action": _SEND, "Resource": To(queue, "Arn")}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    own: To | list[To] = To(role, "Ref") if is_terraform(role) else [To(role, "Ref")]
    # CloudFormation wants a name, and of two policies of one role that are called the same the later one is all there is.
    name = "".join(sign if sign.isalnum() else "-" for sign in f"{beside}-send-failed-records")
    stated = {} if is_terraform(role) else {"name": name[-100:]}
    # Lambda asks whether it may send when the destination is set.
    return (New(Policy, "SendFailedRecords", {**stated, "roles": own, "statements": document}, beside, first=True),)
