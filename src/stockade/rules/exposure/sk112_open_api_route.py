"""A route of an API that anybody can call.

## What it does
Reports routes of REST, HTTP and WebSocket APIs that call a function or another AWS service and ask callers for no
authorization: no authorizer, no IAM, no resource policy on the API that keeps anybody out, no client certificate. If
no route of an API has any, that is one finding. A WebSocket API asks at `$connect` or not at all. Preflight requests and
private endpoints are fine. Reading weighs less, unless the function's role is known to let it change something.

## Why is this bad?
API Gateway endpoints are on the internet, and are found by scanning. Behind such a route your function gets whatever
anybody sends, with its role, at your cost. A check inside the handler runs only after you have paid for it, and has
to be in every handler.

## When it is fine
Health checks, login pages and webhooks whose handler verifies a signature. Ignore the finding with that reason.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events: {Post: {Type: Api, Properties: {Method: post, Path: /orders}}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Api: {Auth: {DefaultAuthorizer: AWS_IAM}}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events: {Post: {Type: Api, Properties: {Method: post, Path: /orders}}}
```
```yaml bad
Resources:
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: "arn:aws:apigateway:eu-west-1:lambda:path/x"}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
```
```yaml good
Resources:
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: "arn:aws:apigateway:eu-west-1:lambda:path/x"}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
```
```hcl bad
resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "orders" {
  api_id           = aws_apigatewayv2_api.shop.id
  integration_type = "AWS_PROXY"
  integration_uri  = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
}

resource "aws_apigatewayv2_route" "post" {
  api_id    = aws_apigatewayv2_api.shop.id
  route_key = "POST /orders"
  target    = "integrations/${aws_apigatewayv2_integration.orders.id}"
}
```
```hcl good
resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "orders" {
  api_id           = aws_apigatewayv2_api.shop.id
  integration_type = "AWS_PROXY"
  integration_uri  = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
}

resource "aws_apigatewayv2_route" "post" {
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = "POST /orders"
  target             = "integrations/${aws_apigatewayv2_integration.orders.id}"
  authorization_type = "AWS_IAM"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: {method: POST, path: /orders}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: POST /orders
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: {method: POST, path: /orders, authorizer: {type: aws_iam}}
```

## Fix safety
Unsafe: callers that do not sign their requests with AWS credentials stop working, such as browsers and the webhooks of other
services. Where the API is deployed by a resource that is not made anew by itself, the stage goes on as it was until you deploy
again; the fix says so.

## References
- [Control access to REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html)
- [Control access to HTTP APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.allows import may_change
from stockade.model.app import Api, App, Function, Route
from stockade.model.intent import Fix, Set
from stockade.model.invokers import is_connect, route_asks_nothing
from stockade.model.value import File, Origin, Tri
from stockade.rules._base import HIGH, MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules._words import by_format, is_made
from stockade.rules.exposure._shared import by_cause, calls_aws, functions_of, listed, only_reads, shown, start


@rule(
    "SK112",
    "open-api-route",
    severity=HIGH,
    since="0.1",
    controls=["INVK-6"],
    maps={"aws-fsbp": ["APIGateway.8"], "cwe": [306]},
    aliases=[
        "CKV_AWS_59",
        "CKV_AWS_309",
        "CKV2_AWS_70",
        "AWS-0004",
        "W59",
        "AwsSolutions-APIG4",
        "15ccec05",
        "1056dfbb",
        "0a96ce49",
        "7fd0d461",
        "apigatewayAuthorization",
        "CTL.LAMBDA.TRIGGER.APIGATEWAY.NOAUTH.001",
        "apigatewayV2Authorization",
    ],
    applies="is behind no route of an API",
    holds="callers of its routes need authorization, or do not get through to them",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every route for its authorization, and tell of an API without any once."""
    del ctx
    for subject, answer, routes in by_cause(app, _is_open, _is_guarded):
        api = subject if isinstance(subject, Api) else routes[0].api
        where = f" of `{api}`" if api is not None else ""
        functions = functions_of(routes)
        whom = f" and so run {listed(f'`{f}`' for f in functions)}" if functions else ""
        # Clients can't call the one that is run when they go, but let it be run.
        named = tuple(route for route in routes if not _is_disconnect(route)) or routes
        many = len(named) > 1
        reads = only_reads(routes)
        changed = _changed(functions) if reads else ()
        yield from found(
            answer,
            subject=subject,
            functions=functions,
            at=_place(routes[0]) if not many or _is_socket(routes[0]) else start(subject, routes),
            severity=MEDIUM if reads and not changed else HIGH,
            message=(
                f"anyone can call the {len(named)} routes of `{api}` ({listed((shown(r) for r in named), 4)}){whom}"
                if many
                else f"anyone can call `{shown(named[0])}`{where}{whom}"
            ),
            help=_where(routes),
            fix=_fix(routes),
            related=(*_asks_nothing(routes), *changed),
            evidence="all routes" if many else shown(routes[0]),
            passes=f"`{shown(routes[0])}`{where} {_why_fine(routes[0])}",
        )


def _is_open(route: Route) -> Tri:
    return route_asks_nothing(route) & calls_aws(route) & ~route.api_key.is_true()


def _why_fine(route: Route) -> str:
    reasons = (
        (route.method.matches("(?i)options"), "is for preflight requests"),
        (~_entrance(route).authorization.is_("NONE"), f"asks for {_entrance(route).authorization.show()}"),
        (route.api_key.is_true(), "asks for an API key"),
        (~calls_aws(route), "calls nothing in the account"),
    )
    for answer, reason in reasons:
        if answer.is_yes:
            return reason
    return "is not public: the API is private, or its policy or client certificates keep people out"


def _is_guarded(route: Route) -> Tri:
    return ~_entrance(route).authorization.is_("NONE") | route.api_key.is_true()


def _entrance(route: Route) -> Route:
    """The route that lets clients in: itself, or `$connect` of a WebSocket API, where alone authorization can be asked for."""
    if route.api is None or not _is_socket(route):
        return route
    return next((r for r in route.api.routes if is_connect(r).is_yes), route)


def _is_socket(route: Route) -> bool:
    return route.api is not None and route.api.protocol == "WEBSOCKET"


def _is_disconnect(route: Route) -> bool:
    """Whether API Gateway runs it by itself, after a client has gone.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
    (as of 2026-11-28).
    """
    return (route.path.is_("$disconnect") | route.method.is_("$disconnect")).is_yes


def _place(route: Route) -> Origin:
    """Where it is written that the route asks for nothing; the route, where that is what is not written."""
    entrance = _entrance(route)
    for _, leaf in entrance.authorization.leaves():
        if leaf.is_("NONE").is_yes and isinstance(leaf.origin, File):
            return leaf.origin
    return route.origin


def _asks_nothing(routes: tuple[Route, ...]) -> tuple[Label, ...]:
    """The places of the routes, beside the one that is shown."""
    if not _is_socket(routes[0]):
        return tuple(Label(_place(r), f"`{shown(r)}` asks for nothing") for r in routes[: 8 if len(routes) > 1 else 0])
    behind = [route for route in routes if _entrance(route) is not route]
    return tuple(
        Label(
            route.origin,
            f"`{shown(route)}`: "
            + ("is run when a client goes" if _is_disconnect(route) else "whoever is connected can call it"),
        )
        for route in behind[:8]
    )


def _changed(functions: tuple[Function, ...]) -> tuple[Label, ...]:
    """Where the role of a function lets it change something, so that a request that looks like reading may do so."""
    for function in functions:
        origin = may_change(function)
        if origin is not None:
            return (Label(origin, f"lets `{function}` change something, so that reading weighs as much as writing"),)
    return ()


_FIELDS = {
    "AWS::ApiGateway::Method": "AuthorizationType",
    "AWS::ApiGatewayV2::Route": "AuthorizationType",
    "aws_api_gateway_method": "authorization",
    "aws_apigatewayv2_route": "authorization_type",
}


def _where(routes: tuple[Route, ...]) -> str:
    """What to write, in the words of where the routes are written."""
    first = _entrance(routes[0])
    field = by_format(first, _FIELDS.get(first.type, ""), _FIELDS.get(first.type, ""), "authorizer")
    if _is_socket(first):
        asked = f"`{field}`" if field else "an authorizer or AWS_IAM"
        connects = is_connect(first).is_yes
        what = f"set {asked} of the route `$connect`" if connects else f"declare the route `$connect` with {asked}"
        return f"{what}: it lets clients in"
    if is_made(first) and field == "authorizer":
        return _in_the_framework(first, "each" if len(routes) > 1 else "the")
    if field:
        each = "method" if "ethod" in first.type else "route"
        return (
            f"set `{field}` of {'each' if len(routes) > 1 else 'the'} {each} to AWS_IAM, or to what its authorizer is"
        )
    events = first.api is not None and first.api.implicit
    if events or any(f.type.startswith("AWS::Serverless::") for f in functions_of(routes)):
        where = " as the API's default" if len(routes) > 1 else " on the route"
        return f"set an authorizer or AWS_IAM{where}{_switch(first)}"
    return "name a security scheme with an authorizer, or IAM, in the `security` of " + (
        "the definition" if len(routes) > 1 else "the operation"
    )


def _switch(route: Route) -> str:
    """What else SAM's HTTP APIs want for AWS_IAM."""
    if route.api is None or route.api.protocol != "HTTP":
        return ""
    own = "`Auth` under `HttpApi` in `Globals`" if route.api.implicit else "the API's `Auth`"
    return f"; AWS_IAM needs `EnableIamAuthorizer: true` in {own}"


def _in_the_framework(route: Route, each: str) -> str:
    """What the event takes: one of a REST API the word alone, one of an HTTP API a mapping."""
    if route.type == "AWS::ApiGateway::Method":
        return f"set `authorizer` of {each} event `http` to aws_iam, or to an authorizer of yours"
    return (
        f"set `authorizer: {{type: aws_iam}}` for {each} event `httpApi`, or name there an authorizer of "
        "`provider.httpApi.authorizers`"
    )


def _fix(routes: tuple[Route, ...]) -> Fix:
    entrances = {id(entrance): entrance for entrance in map(_entrance, routes)}.values()
    if any(_is_socket(route) and not is_connect(route).is_yes for route in entrances):
        return Fix.advice("declare the route `$connect`, and require authorization there")
    return Fix.unsafe(
        "require IAM authorization",
        *(Set(route, "authorization", "AWS_IAM") for route in entrances),
        why="callers that do not sign their requests with AWS credentials stop working, such as webhooks of other services",
    )
