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
    Doubt,
    Known,
    Premise,
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


# Kinds that name functions in one of their fields: how they invoke them, and the values that may name one.
_CALLERS: tuple[tuple[type[Any], str, How, Callable[[Any], Iterable[Value[Any]]]], ...] = (
    (m.Pipe, "pipe", "sync", lambda r: [*(t.arn for t in r.targets), r.enrichment]),
    (m.StateMachine, "states", "sync", lambda r: r.calls),
    (m.UserPool, "cognito", "sync", lambda r: r.triggers),
    (m.GraphqlSource, "appsync", "sync", lambda r: [r.function_arn]),
    (m.GraphqlApi, "appsync", "sync", lambda r: [r.authorizer_function]),
    (m.IotRule, "iot", "async", lambda r: r.function_arns),
    (m.ReceiptRule, "ses", "async", lambda r: r.function_arns),
    (m.LogSubscription, "logs", "async", lambda r: [r.destination]),
    (m.Distribution, "cloudfront", "sync", lambda r: r.edge_functions),
    (m.Rotation, "secretsmanager", "async", lambda r: [r.function_arn]),
)


# The kinds that tell of an invocation: where some are hidden, something that was not seen may invoke a function.
CALLING = frozenset(
    (
        *(kind.kind for kind, _, _, _ in _CALLERS),
        m.Authorizer.kind,
        m.Caller.kind,
        m.EventRule.kind,
        m.EventSource.kind,
        m.Notification.kind,
        m.Permission.kind,
        m.Route.kind,
        m.Schedule.kind,
        m.Subscription.kind,
        m.TargetGroup.kind,
        m.Url.kind,
    )
)
# Those of which some do not wait for an answer. A route hardly ever does so.
NOT_WAITING = frozenset(
    (
        *(kind.kind for kind, _, how, _ in _CALLERS if how == "async"),
        m.Caller.kind,
        m.EventRule.kind,
        m.Notification.kind,
        m.Permission.kind,
        m.Schedule.kind,
        m.Subscription.kind,
    )
)

# A receipt rule may ask for an answer, which the permission does not tell.
_WITHOUT_WAITING = Premise(
    "the receipt rule of SES",
    "the receipt rule of SES does not wait for an answer",
    "the receipt rule of SES waits for an answer",
    unread=Doubt(
        "whether the receipt rule of SES waits for an answer is not part of the scanned code", cause="receipt rule"
    ),
)


def invokers(app: m.App, targets: Targets) -> dict[int, Relation[m.Invoker]]:
    """The invokers of each function, by the function's `id()`."""
    found = _Found(app, targets)
    found.declared()
    found.by_events()
    found.by_callers()
    found.by_permissions()
    return {key: Relation(tuple(records)) for key, records in found.invokers.items()}


class _Found:
    def __init__(self, app: m.App, targets: Targets) -> None:
        self.app = app
        self.targets = targets
        self.invokers: dict[int, list[m.Invoker]] = defaultdict(list)

    def note(
        self,
        function: m.Function | None,
        via: str,
        how: How,
        record: Any,  # noqa: ANN401 - a resource, or a target of one
        *,
        source: m.Resource,
        public: Tri = NO,
        exists: When = (),
    ) -> None:
        """Keep one invoker, unless it is there already."""
        if function is None:
            return
        own = self.invokers[id(function)]
        if not any(i.via == via and i.source is source for i in own):
            own.append(m.Invoker(via=via, how=how, origin=record.origin, public=public, source=source, exists=exists))

    def declared(self) -> None:
        """What invokes a function through a resource of its own: URLs, mappings, routes, authorizers."""
        app = self.app
        for url in app.urls:
            self.note(url.function, "url", "sync", url, public=url.auth.is_("NONE"), source=url, exists=url.exists)
        for source in app.of(m.EventSource):
            service = str(source.service.v) if isinstance(source.service, Known) else "poll"
            self.note(source.function, service, "poll", source, source=source.source or source, exists=source.exists)
        for route in app.of(m.Route):
            how: How = "async" if route_waits(route).is_no else "sync"
            self.note(route.function, "api", how, route, public=route_is_open(route), source=route, exists=route.exists)
        for authorizer in app.of(m.Authorizer):
            # Whoever calls the API chooses what the authorizer is given.
            public = (
                NO if authorizer.function is None else maybe("callers of the API choose the token", authorizer.origin)
            )
            self.note(authorizer.function, "authorizer", "sync", authorizer, public=public, source=authorizer)

    def by_events(self) -> None:
        """What tells a function of events."""
        app = self.app
        for subscription in app.of(m.Subscription):
            self.note(subscription.function, "sns", "async", subscription, source=subscription.topic or subscription)
        for notification in app.of(m.Notification):
            self.note(notification.function, "s3", "async", notification, source=notification.bucket or notification)
        rules: list[tuple[m.EventRule | m.Schedule, str]] = [(schedule, "schedule") for schedule in app.of(m.Schedule)]
        rules += [(r, "events" if isinstance(r.schedule, Default) else "schedule") for r in app.of(m.EventRule)]
        for rule, via in rules:
            for target in rule.targets:
                for when, function in self.targets(target.arn, m.Function):
                    exists = conjoin(rule.exists, when)
                    self.note(
                        function, via, "async", target, source=rule, exists=rule.exists if exists is None else exists
                    )

    def by_callers(self) -> None:
        """What names functions in its own configuration."""
        for kind, via, how, values in _CALLERS:
            for record in self.app.of(kind):
                for value in values(record):
                    for _, function in self.targets(value, m.Function):
                        self.note(function, via, how, record, source=record)
        for caller in self.app.of(m.Caller):
            for value in caller.function_arns:
                for _, function in self.targets(value, m.Function):
                    self.note(function, caller.via, caller.how, caller, source=caller, exists=caller.exists)
        for group in self.app.of(m.TargetGroup):
            for value in group.targets:
                for _, function in self.targets(value, m.Function):
                    public = _balancer_is_open(self.app, group, self.targets)
                    self.note(function, "alb", "sync", group, source=group, public=public)

    def by_permissions(self) -> None:
        """Who may invoke a function although the caller itself is not in the code."""
        for permission in self.app.of(m.Permission):
            public = permission_is_public(permission)
            if public.truth in {"yes", "mixed"}:
                self.note(permission.function, "permission", "sync", permission, public=public, source=permission)
        for permission in self.app.of(m.Permission):
            if permission.function is None or not isinstance(permission.principal, Known):
                continue
            known = _PRINCIPALS.get(str(permission.principal.v))
            if known is None or any(i.via in {known[0], "schedule"} for i in self.invokers[id(permission.function)]):
                continue
            exists = (_WITHOUT_WAITING,) if known[0] == "ses" else ()
            self.note(permission.function, *known, permission, source=permission.source or permission, exists=exists)


def route_waits(route: m.Route) -> Tri:
    """Whether it waits for what it calls; where its callers choose, some of them do.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-integration-async.html (as of 2026-11-28).
    HTTP APIs always wait, for they map no such header:
    https://repost.aws/knowledge-center/api-gateway-invoke-lambda (as of 2026-11-28).
    """
    if route.api is not None and route.api.protocol == "HTTP":
        return YES
    return ~route.invocation.matches("'Event'")


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
