"""What several rules of exposure ask in the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from stockade.knowledge import lambda_
from stockade.model.app import Api, App, Authorizer, Function, Other, Permission, Resource, Route, Stage
from stockade.model.value import PART, YES, Tri, Value, all_of, any_of, given
from stockade.rules._words import by_format, is_made, join

# A service principal, also with a region in it.
SERVICE = rf"[a-z0-9.\-{PART}]+\.(?:amazonaws\.com(?:\.cn)?|amazon\.com)"
ALEXA = r"alexa-(?:appkit|connectedhome)\.amazon\.com"
API_GATEWAY = r"apigateway\.amazonaws\.com(?:\.cn)?"

# Stages that are of an HTTP or WebSocket API, which is not told where the API is elsewhere.
_HTTP_STAGES = frozenset({"AWS::ApiGatewayV2::Stage", "AWS::Serverless::HttpApi", "aws_apigatewayv2_stage"})
_V2_STAGES = _HTTP_STAGES | {"AWS::Serverless::WebSocketApi"}

# A source ARN that every account's resources match.
ANY_ACCOUNT = r"\*|arn:\*|arn:[^:]*:(?:\*|[^:]*:\*|(?!s3:)[^:]*:[^:]*:\*(?::.*)?)"

# An access log of an API, each request an object.
ACCESS_LOG_FORMAT = (
    '{"requestId":"$context.requestId","ip":"$context.identity.sourceIp","caller":"$context.identity.caller",'
    '"time":"$context.requestTime","route":"$context.httpMethod $context.path","status":"$context.status"}'
)

# https://www.serverless.com/framework/docs/providers/aws/events/apigateway#logs (as of 2026-11-28): the framework makes a
# function that gives API Gateway its role for logs, which is one for the account, unless it is told that this is there.
ACCOUNT_ROLE = ", with `roleManagedExternally: true` in it where API Gateway has its role for logs in the account"


# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-account.html (as of 2026-11-28)
_ACCOUNTS = frozenset({"AWS::ApiGateway::Account", "aws_api_gateway_account"})


def wants_role(app: App) -> str:
    """For fixes that let a stage of a REST or WebSocket API log: when deploying it fails."""
    given_ = next((one for one in app.of(Other) if one.type in _ACCOUNTS), None)
    if given_ is None:
        return "deploying it fails in an account whose API Gateway has no role for CloudWatch Logs yet"
    return f"a first deployment fails if the stage comes before `{given_}`, which gives API Gateway its role for CloudWatch Logs"


def is_service(permission: Permission) -> Tri:
    """Whether the permission is for an AWS service."""
    return permission.principal.reads(SERVICE)


def takes_source(permission: Permission) -> Tri:
    """Whether the service says on whose behalf it calls. A service that we do not know is taken to."""

    def known(principal: object) -> bool:
        row = lambda_.invoker(str(principal))
        return row is None or (row.how == "resource-policy" and bool(row.source_arn))

    return permission.principal.where_anywhere(known)


def any_account(permission: Permission) -> Tri:
    """Whether resources of every account may be the source."""
    source = permission.source_arn
    return ~permission.source_account.is_set() & (~source.is_set() | source.reads(ANY_ACCOUNT))


def called(permission: Permission) -> str:
    """The function that a permission is for, as a person calls it; one that is elsewhere, as the permission does."""
    named = permission.function_name
    return str(permission.function or (permission.address if named.is_null().is_yes else named.show()))


def place(permission: Permission, value: Value[str]) -> Value[str] | Permission:
    """The line to show: what the user wrote, or the event that SAM makes the permission of."""
    return permission if permission.generated_by or not value.is_set().is_yes else value


def functions_of(routes: Iterable[Route]) -> tuple[Function, ...]:
    """The functions that routes call, each once."""
    return tuple({id(r.function): r.function for r in routes if r.function is not None}.values())


def shown(route: Route) -> str:
    """A route as people write it: `GET /orders`, `$connect`."""
    if route.path.show().startswith("$") or (route.api is not None and route.api.protocol == "WEBSOCKET"):
        return route.path.show()  # the key of a route that has no method
    named = (v for v in (route.method, route.path) if not (v is route.method and v.show() == "unknown"))
    words = [v.show() for v in named if v.is_set().is_yes]
    return " ".join(word.upper() if number == 0 and len(words) > 1 else word for number, word in enumerate(words))


def listed(words: Iterable[str], most: int = 6) -> str:
    """Words as a list, cut short."""
    every = list(dict.fromkeys(words))
    return join([*every[:most], f"{len(every) - most} more"] if len(every) > most else every)


def calls_aws(route: Route) -> Tri:
    """Whether a route does something in the account: its integration is neither a mock nor a web server on the internet.

    A VPC link leads into a network of the account, whatever its URI looks like.
    """
    outside = route.integration.reads("https?://.*") & ~route.connection.is_("VPC_LINK")
    return route.integration.is_set() & ~outside


def authorizer_of(api: Api, named: Value[str]) -> Authorizer | None:
    """The authorizer that a route names: by a reference, or in a definition by the name of a security scheme."""
    targets = {reference.target for _, reference in named.references()}
    scheme = f"/securitySchemes/{named.only()}"
    return next((one for one in api.authorizers if one.key in targets or one.key.endswith(scheme)), None)


def only_reads(routes: Iterable[Route]) -> bool:
    """Whether all of these routes are for reading, as far as their methods say."""
    return all_of(r.method.matches("(?i)get|head") for r in routes).is_yes


def by_cause(
    app: App, question: Callable[[Route], Tri], guarded: Callable[[Route], Tri]
) -> list[tuple[Resource, Tri, tuple[Route, ...]]]:
    """What to report: an API where none of its routes is guarded (one cause), else each route by itself.

    `question` is whether a route is bad, `guarded` whether somebody thought of guarding it.
    """
    result: list[tuple[Resource, Tri, tuple[Route, ...]]] = []
    grouped: set[int] = set()
    for api in app.apis:
        answers = [(route, question(route)) for route in api.routes]
        bad = tuple(route for route, answer in answers if answer.is_yes)
        if len(bad) > 1 and any_of(guarded(route) for route in api.routes).is_no:
            result.append((api, any_of(given(r.exists, a) for r, a in answers if a.is_yes), bad))
            grouped |= {id(route) for route in bad}
    result += [(route, question(route), (route,)) for route in app.of(Route) if id(route) not in grouped]
    return result


def start(subject: Resource, routes: tuple[Route, ...]) -> Resource:
    """The place to show for an API: where it is written; for one that SAM makes by itself, its first route."""
    return routes[0] if isinstance(subject, Api) and subject.implicit and routes else subject


def stage_name(stage: Stage) -> str:
    """A stage as a person calls it: the API, and the stage if it has a name."""
    api = f"`{stage.api or stage.address}`"
    if is_made(stage) and stage.api is not None and stage.api.protocol == "REST":
        return f"the stage of {api}"  # the one stage that a service is deployed as, whichever that is
    named = stage.name.is_set().is_yes and not stage.name.is_("$default").is_yes
    return f"the stage `{stage.name.show()}` of {api}" if named else api


def stages(app: App, api: Api | None = None) -> Iterator[Stage]:
    """The stages (of an API) that somebody asked for. SAM's deployments make one more, which nobody can configure."""
    for stage in app.of(Stage) if api is None else api.stages:
        by_deployment = stage.type == "AWS::ApiGateway::Deployment" and stage.name.is_("Stage").is_yes
        if not (by_deployment and stage.api is not None and len(stage.api.stages) > 1):
            yield stage


def is_http(stage: Stage) -> bool:
    """Whether it is a stage of an HTTP API, which has fewer settings than others."""
    return stage.api.protocol == "HTTP" if stage.api is not None else stage.type in _HTTP_STAGES


def is_rest(route: Route) -> bool:
    """Whether it is a method of a REST API."""
    if route.api is not None:
        return route.api.protocol == "REST"
    return "V2" not in route.type and "v2" not in route.type and "HttpApi" not in route.type


def stage_place(stage: Stage) -> Resource:
    """The place to show for a stage; for one of an API that SAM makes by itself, its first route."""
    api = stage.api
    return api.routes.items[0] if api is not None and api.implicit and api.routes.items else stage


def unlimited(stage: Stage) -> Tri:
    """Whether a stage sets no limit for the rate of requests to its routes."""
    return ~(stage.throttle_rate.is_set() | stage.throttle_burst.is_set())


def not_throttled(app: App, api: Api) -> Tri:
    """Whether a stage of an API limits the rate of requests to none of its routes."""
    own = list(stages(app, api))
    return any_of(given(s.exists, unlimited(s)) for s in own) if own else YES


def named(record: Resource) -> str:
    """A resource by its names in AWS, if any are written, to stand in code marks; a domain name says more than a logical id."""
    shown = dict.fromkeys(leaf.show() for _, leaf in record.name.leaves())
    return "` or `".join(shown) if record.name.is_set().is_yes else str(record)


def in_globals(stage: Stage) -> str:
    """For helps: where the settings of an API stand that SAM makes of events; nothing for others, which are written out."""
    section = "HttpApi" if is_v2(stage) else "Api"
    return f" under `{section}` in `Globals`" if stage.api is not None and stage.api.implicit else ""


def method_setting(stage: Stage, v1: str, v2: str, terraform_v1: str, terraform_v2: str, serverless: str = "") -> str:
    """What to set for all methods of a stage, or all routes."""
    if is_v2(stage):
        own = f"{v2} in `DefaultRouteSettings`{in_globals(stage)}"
        return by_format(stage, own, f"{terraform_v2} in `default_route_settings`", serverless)
    return by_format(
        stage,
        f"{v1} in `MethodSettings`{in_globals(stage)}, for the path `/*` and the method `*`",
        f"{terraform_v1} in the `settings` of an `aws_api_gateway_method_settings` for the path `*/*`",
        serverless,
    )


def is_v2(stage: Stage) -> bool:
    """Whether a stage has the names of HTTP and WebSocket APIs, which are others than those of REST APIs."""
    return stage.type in _V2_STAGES


def rate_settings(subject: Api | Stage) -> str:
    """Where the limits of a stage are written: "in its `MethodSettings`"; the subject is the API, or a stage of one elsewhere."""
    api = subject if isinstance(subject, Api) else subject.api
    http = is_http(subject) if isinstance(subject, Stage) else subject.protocol == "HTTP"
    http = http or (api is not None and api.protocol != "REST")
    if api is not None and api.implicit:
        section, setting = ("HttpApi", "DefaultRouteSettings") if http else ("Api", "MethodSettings")
        return f"in the `{setting}` under `{section}` in `Globals`, or of an API that you declare"
    if http:
        return by_format(
            subject,
            "in its `DefaultRouteSettings`",
            "in its `default_route_settings`",
            "in its `DefaultRouteSettings` (under `resources.extensions`)",
        )
    return by_format(
        subject,
        "in its `MethodSettings`",
        "in its `aws_api_gateway_method_settings`",
        "by a plugin such as serverless-api-gateway-throttling",
    )
