"""What the rules of this folder ask in the same words: roles, log groups, asynchronous callers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from stockade.iam.allows import may_call, roles_of
from stockade.iam.principals import service_named
from stockade.model.app import App, EventRule, Function, Invoker, IotRule, Role, Schedule
from stockade.model.policy import Statement
from stockade.model.value import NO, YES, Tri, Value, any_of, given, maybe
from stockade.rules._base import Outcome, found, spared

XRAY = "xray:PutTraceSegments"
LOG_WRITE = "logs:PutLogEvents"
XRAY_POLICY = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"

# Asynchronous callers of which a lost event is told by the caller itself, or does not matter.
_TOLD_ELSEWHERE = frozenset(
    {"cloudformation", "custom-resource", "secretsmanager", "config", "codecommit", "codepipeline"}
)
# What invokes functions while somebody deploys, and tells them at once what has failed.
_DEPLOYING = frozenset({"cloudformation", "custom-resource", "terraform"})
IN_FRONT_OF_SOMEBODY = "is invoked by deployments only, which fail in front of whoever deploys"


def is_for_deployments(function: Function) -> bool:
    """Whether nothing but deployments invokes a function, as far as can be seen."""
    return bool(function.invokers.items) and all(invoker.via in _DEPLOYING for invoker in function.invokers)


def may_trace(app: App, function: Function) -> Tri:
    """Whether a function's role may write traces; MAYBE where the role is not in the scanned code."""
    return _may(app, function, XRAY)


def may_log(app: App, function: Function) -> Tri:
    """Whether a function's role may write logs, to whichever group; MAYBE where it is not wholly known. Lambda needs both."""
    return _may(app, function, "logs:CreateLogStream") & _may(app, function, LOG_WRITE)


def may_make_group(app: App, function: Function) -> Tri:
    """Whether nothing rules out that Lambda makes the log group of a function, which it does with the function's role."""
    return not_ruled_out(_may(app, function, "logs:CreateLogGroup"))


def not_ruled_out(answer: Tri) -> Tri:
    """An answer of which all that isn't known is taken for a yes."""
    return any_of(given(when, NO if case.is_no else YES) for when, case in answer.split())


def _may(app: App, function: Function, action: str) -> Tri:
    known = roles_of(function)
    if not known:
        doubts = (function.role_unknown,) if function.role_unknown is not None else ()
        return Tri("maybe", (function.role.origin,), doubts)
    leaves = list(function.role.leaves())
    if len(leaves) > 1:
        elsewhere = maybe(
            "one of its roles is not part of the scanned code", function.role.origin, cause="role elsewhere"
        )
        cases = [(when, _declared(app, leaf)) for when, leaf in leaves]
        return any_of(given(when, elsewhere if role is None else _of(app, role, action)) for when, role in cases)
    return any_of(given(when, _of(app, role, action)) for when, role in known)


def _declared(app: App, leaf: Value[str]) -> Role | None:
    """The role of the application that one case of a function's role is."""
    found = (app.get(reference.target) for _, reference in leaf.references())
    return next((role for role in found if isinstance(role, Role)), None)


def _of(app: App, role: Role, action: str) -> Tri:
    memory = _memory(app)
    if (id(role), action) not in memory:
        memory[id(role), action] = may_call(app, role, action)
    return memory[id(role), action]


@lru_cache(maxsize=1)
def _memory(app: App) -> dict[tuple[int, str], Tri]:
    """What is known by now of roles and actions. The last application is kept, since several rules ask."""
    del app
    return {}


def asynchronous(function: Function) -> Iterator[Invoker]:
    """What hands events to a function without waiting, so that a failure is the function's own to tell."""
    for invoker in function.invokers:
        if invoker.how != "async" or invoker.via in _TOLD_ELSEWHERE:
            continue
        if not _is_off(invoker) and not _is_authorizer(invoker):
            yield invoker


def _is_off(invoker: Invoker) -> bool:
    source = invoker.source
    return isinstance(source, EventRule | Schedule) and source.state.is_("DISABLED").is_yes


def _is_authorizer(invoker: Invoker) -> bool:
    """Whether IoT Core may be asking the function for leave, and waits: only a topic rule hands it events."""
    return invoker.via == "iot" and not isinstance(invoker.source, IotRule)


def keeps_failures(function: Function) -> Tri:
    """Whether events that the function fails on end somewhere: a dead-letter queue or an on-failure destination.

    A durable function has no destinations, and is not tried again:
    https://docs.aws.amazon.com/lambda/latest/dg/durable-best-practices.html (as of 2026-11-28).
    """
    destinations = any_of(given(config.exists, config.on_failure.is_set()) for config in function.async_configs)
    return function.dead_letter.is_set() | (destinations & ~function.durable.is_set())


def not_ours(function: Function) -> str:
    """Why a setting of a function is none that its team could make; empty if it is theirs."""
    if any(invoker.via == "cloudfront" for invoker in function.invokers) or _is_for_the_edge(function):
        return "runs at the edge, where the setting does not exist"
    return f"is not yours to change: {function.framework_owned}" if function.framework_owned else ""


def _is_for_the_edge(function: Function) -> bool:
    """Whether the edge may take each of its roles, as nothing asks for but a function that CloudFront replicates."""
    roles = [role for _, role in roles_of(function)]
    trusts = (role.trust.any(_trusts_the_edge) for role in roles)
    return bool(roles) and all(trust.is_yes for trust in trusts)


def _trusts_the_edge(statement: Statement) -> Tri:
    if statement.principals is None:
        return NO
    named = statement.principals.any(
        lambda p: service_named(p.value, "edgelambda.amazonaws.com") if p.kind == "Service" else NO
    )
    return given(statement.exists, statement.effect.is_("Allow")) & named


def writers(app: App) -> dict[int, tuple[Function, ...]]:
    """By the `id()` of a log group, the functions that write to it (one that reads it is not among them)."""
    found: dict[int, tuple[Function, ...]] = {}
    for function in app.functions:
        for group in function.log_groups:
            found[id(group)] = (*found.get(id(group), ()), function)
    return found


def without_group(app: App, fault: str) -> Iterator[Outcome]:
    """The rule has nothing to say of the functions without a log group; undecided where whether they have one is.

    `fault` is what that group may do: "are kept for ever".
    """
    for function in app.functions:
        if function.log_groups.items:
            continue
        if function.log_groups.complete:
            yield from spared(function)
        else:
            has = ~function.log_groups.is_empty()
            yield from found(has, subject=function, message=f"the logs of `{function}` {fault}", told="SK705")


def has_log_group(function: Function) -> Tri:
    """Whether the log group of a function is declared in the scanned code."""
    return function.log_groups.any(lambda group: given(group.exists, ~NO))
