"""How each function is invoked, gathered from everything that can invoke it.

Which services call a function synchronously and which asynchronously:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html (as of 2026-11-21).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from stockade.model import app as m
from stockade.model.policy import Statement
from stockade.model.value import (
    NO,
    YES,
    Default,
    Known,
    Origin,
    Relation,
    Tri,
    Value,
    When,
    any_of,
    conjoin,
    given,
    maybe,
)

Targets = Callable[[Value[Any], Any], Iterator[tuple[When, Any]]]
How = Literal["sync", "async", "poll"]

# Service principals that invoke functions by a permission, and how: the service's word, its manner.
_PRINCIPALS: dict[str, tuple[str, How]] = {
    "alexa-appkit.amazon.com": ("alexa", "sync"),
    "alexa-connectedhome.amazon.com": ("alexa", "sync"),
    "apigateway.amazonaws.com": ("api", "sync"),
    "appsync.amazonaws.com": ("appsync", "sync"),
    "bedrock.amazonaws.com": ("bedrock", "sync"),
    "cloudformation.amazonaws.com": ("cloudformation", "async"),
    "codecommit.amazonaws.com": ("codecommit", "async"),
    "cognito-idp.amazonaws.com": ("cognito", "sync"),
    "cognito-sync.amazonaws.com": ("cognito", "sync"),
    "config.amazonaws.com": ("config", "async"),
    "connect.amazonaws.com": ("connect", "sync"),
    "elasticloadbalancing.amazonaws.com": ("alb", "sync"),
    "events.amazonaws.com": ("events", "async"),
    "firehose.amazonaws.com": ("firehose", "sync"),
    "iot.amazonaws.com": ("iot", "async"),
    "lex.amazonaws.com": ("lex", "sync"),
    "lexv2.amazonaws.com": ("lex", "sync"),
    "logs.amazonaws.com": ("logs", "async"),
    "s3.amazonaws.com": ("s3", "async"),
    "scheduler.amazonaws.com": ("schedule", "async"),
    "secretsmanager.amazonaws.com": ("secretsmanager", "async"),
    "ses.amazonaws.com": ("ses", "async"),
    "sns.amazonaws.com": ("sns", "async"),
    "vpc-lattice.amazonaws.com": ("lattice", "sync"),
}


def invokers(app: m.App, targets: Targets) -> dict[int, Relation[m.Invoker]]:
    """The invokers of each function, by the function's `id()`."""
    found: dict[int, list[m.Invoker]] = defaultdict(list)

    def note(
        function: m.Function | None,
        via: str,
        how: How,
        origin: Origin,
        *,
        public: Tri = NO,
        source: m.Resource | None = None,
        exists: When = (),
    ) -> None:
        if function is not None:
            own = found[id(function)]
            if not any(i.via == via and i.source is source and source is not None for i in own):
                own.append(m.Invoker(via=via, how=how, origin=origin, public=public, source=source, exists=exists))

    def each(values: Iterable[Value[Any]]) -> Iterator[tuple[When, m.Function]]:
        for value in values:
            yield from targets(value, m.Function)

    for url in app.urls:
        note(url.function, "url", "sync", url.origin, public=url.auth.is_("NONE"), source=url, exists=url.exists)
    for source in app.of(m.EventSource):
        service = source.service.v if isinstance(source.service, Known) else "poll"
        note(source.function, str(service), "poll", source.origin, source=source.source or source, exists=source.exists)
    for route in app.of(m.Route):
        note(
            route.function, "api", "sync", route.origin, public=route_is_open(route), source=route, exists=route.exists
        )
    for authorizer in app.of(m.Authorizer):
        # Whoever calls the API chooses what the authorizer is given.
        public = NO if authorizer.function is None else maybe("callers of the API choose the token", authorizer.origin)
        note(authorizer.function, "authorizer", "sync", authorizer.origin, public=public, source=authorizer)
    for subscription in app.of(m.Subscription):
        note(subscription.function, "sns", "async", subscription.origin, source=subscription.topic or subscription)
    for notification in app.of(m.Notification):
        note(notification.function, "s3", "async", notification.origin, source=notification.bucket or notification)
    for kind, via in ((m.EventRule, "events"), (m.Schedule, "schedule")):
        for rule in app.of(kind):
            for target in rule.targets:  # type: ignore[attr-defined]
                for when, function in targets(target.arn, m.Function):
                    name = (
                        "schedule" if isinstance(rule, m.EventRule) and not isinstance(rule.schedule, Default) else via
                    )
                    note(
                        function,
                        name,
                        "async",
                        target.origin,
                        source=rule,
                        exists=conjoin(rule.exists, when) or rule.exists,
                    )
    for pipe in app.of(m.Pipe):
        for _, function in each([*(t.arn for t in pipe.targets), pipe.enrichment]):
            note(function, "pipe", "sync", pipe.origin, source=pipe)
    for machine in app.of(m.StateMachine):
        for _, function in each(machine.calls):
            note(function, "states", "sync", machine.origin, source=machine)
    for pool in app.of(m.UserPool):
        for _, function in each(pool.triggers):
            note(function, "cognito", "sync", pool.origin, source=pool)
    for graph in app.of(m.GraphqlSource):
        for _, function in targets(graph.function_arn, m.Function):
            note(function, "appsync", "sync", graph.origin, source=graph)
    for group in app.of(m.TargetGroup):
        for _, function in each(group.targets):
            note(function, "alb", "sync", group.origin, source=group, public=_balancer_is_open(app, group, targets))
    for iot in app.of(m.IotRule):
        for _, function in each(iot.function_arns):
            note(function, "iot", "async", iot.origin, source=iot)
    for receipt in app.of(m.ReceiptRule):
        for _, function in each(receipt.function_arns):
            note(function, "ses", "async", receipt.origin, source=receipt)
    for log in app.of(m.LogSubscription):
        for _, function in targets(log.destination, m.Function):
            note(function, "logs", "async", log.origin, source=log)
    for distribution in app.of(m.Distribution):
        for _, function in each(distribution.edge_functions):
            note(function, "cloudfront", "sync", distribution.origin, source=distribution)
    for rotation in app.of(m.Rotation):
        for _, function in targets(rotation.function_arn, m.Function):
            note(function, "secretsmanager", "async", rotation.origin, source=rotation)
    for caller in app.of(m.Caller):
        for _, function in each(caller.function_arns):
            note(function, caller.via, caller.how, caller.origin, source=caller, exists=caller.exists)
    for permission in app.of(m.Permission):
        public = permission_is_public(permission)
        if public.truth in {"yes", "mixed"}:
            note(permission.function, "permission", "sync", permission.origin, public=public, source=permission)
    # A permission says that a service may call although the caller itself is not in the code.
    for permission in app.of(m.Permission):
        if permission.function is None or not isinstance(permission.principal, Known):
            continue
        known = _PRINCIPALS.get(str(permission.principal.v))
        if known is None or any(i.via in {known[0], "schedule"} for i in found[id(permission.function)]):
            continue
        note(permission.function, known[0], known[1], permission.origin, source=permission.source or permission)
    return {key: Relation(tuple(records)) for key, records in found.items()}


def route_is_open(route: m.Route) -> Tri:
    """Whether anybody can call a route: it asks for no authorization and no API key, and its API lets everybody in."""
    return route_asks_nothing(route) & ~route.api_key.is_true()


def route_asks_nothing(route: m.Route) -> Tri:
    """Whether callers of a route need no authorization; an API key is none. A preflight request is fine without."""
    api = route.api
    if api is None:
        elsewhere = maybe("its API is not part of the scanned code", route.origin, cause="API elsewhere")
        return route.authorization.is_("NONE") & ~route.method.matches("(?i)options") & elsewhere
    own = route.authorization.is_("NONE") & ~route.method.matches("(?i)options")
    if api.protocol == "WEBSOCKET":
        # Whoever is connected may call every other route.
        connect = [r for r in api.routes if not is_connect(r).is_no]
        own = any_of(given(r.exists, r.authorization.is_("NONE")) for r in connect) if connect else YES
    return own & api_admits_anybody(api)


def is_connect(route: m.Route) -> Tri:
    """Whether it is the route of a WebSocket API that is called when a client connects."""
    return route.path.is_("$connect") | route.method.is_("$connect")


def api_admits_anybody(api: m.Api) -> Tri:
    """Whether anybody's request gets as far as the routes.

    Not of a private API, nor where its policy keeps somebody out, nor where it answers only at domain names that ask
    for client certificates.
    """
    policy = api.policy
    stated = policy.any(lambda s: given(s.exists, YES))
    denies = policy.any(lambda s: given(s.exists, s.effect.is_("Deny")))
    allows_all = policy.any(lambda s: given(s.exists, _allows_everybody(s)))
    certified = api.domains.all(lambda d: given(d.exists, d.mutual_tls.is_set())) if api.domains.items else NO
    closed = api.default_endpoint_disabled.is_true() & certified
    return ~api.endpoint_type.is_("PRIVATE") & ~(stated & (denies | ~allows_all)) & ~closed


def _allows_everybody(statement: Statement) -> Tri:
    if statement.principals is None:
        return NO
    everybody = statement.principals.any(lambda p: p.value.is_("*"))
    return statement.effect.is_("Allow") & everybody & statement.conditions.is_empty()


def permission_is_public(permission: m.Permission) -> Tri:
    """Whether a permission lets every AWS account invoke the function (but by its URL, which has its own say)."""
    by_url = permission.action.is_("lambda:InvokeFunctionUrl") | permission.via_url_only.is_true()
    limits = (permission.principal_org, permission.source_arn, permission.source_account)
    return permission.principal.is_("*") & ~by_url & ~any_of(v.is_set() for v in limits)


def _balancer_is_open(app: m.App, group: m.TargetGroup, targets: Targets) -> Tri:
    answers: list[Tri] = []
    for listener in app.of(m.Listener):
        if any(found is group for value in listener.target_groups for _, found in targets(value, m.TargetGroup)):
            balancers = [found for _, found in targets(listener.load_balancer, m.LoadBalancer)]
            scheme = any_of(b.scheme.is_("internet-facing") for b in balancers)
            answers.append(scheme & ~listener.authenticates.is_true())
    return any_of(answers)
