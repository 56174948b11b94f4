"""A route of an API that anybody can call.

## What it does
Reports routes of REST, HTTP and WebSocket APIs that call a function or another AWS service and ask callers for no
authorization: no authorizer, no IAM, no resource policy on the API that keeps anybody out, no client certificate. If
no route of an API has any, that is one finding. Preflight requests, private endpoints and the routes of a WebSocket
API after `$connect` are fine.

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

## Fix safety
Unsafe: callers that do not sign their requests with AWS credentials stop working.

## References
- [Control access to REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html)
- [Control access to HTTP APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Api, App, Route
from stockade.model.intent import Fix, Set
from stockade.model.invokers import is_connect, route_asks_nothing
from stockade.model.value import NO, Tri
from stockade.rules._base import HIGH, MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules.exposure._shared import by_cause, calls_aws, functions_of, listed, only_reads, shown, start


@rule(
    "SK112",
    "open-api-route",
    severity=HIGH,
    since="0.1",
    controls=["INVK-6"],
    maps={"aws-fsbp": ["APIGateway.8"], "cwe": [306]},
    aliases=["CKV_AWS_59", "CKV_AWS_309", "CKV2_AWS_70", "AWS-0004", "W59", "AwsSolutions-APIG4"],
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
        many = len(routes) > 1
        yield from found(
            answer,
            subject=subject,
            functions=functions,
            at=start(subject, routes),
            severity=MEDIUM if only_reads(routes) else HIGH,
            message=(
                f"anyone can call the {len(routes)} routes of `{api}` ({listed((shown(r) for r in routes), 4)}){whom}"
                if many
                else f"anyone can call `{shown(routes[0])}`{where}{whom}"
            ),
            help="set an authorizer or AWS_IAM" + (" as the API's default" if many else " on the route"),
            fix=_fix(routes),
            related=tuple(Label(r.origin, f"`{shown(r)}` asks for nothing") for r in routes[:8]) if many else (),
            evidence="all routes" if many else shown(routes[0]),
            passes=f"`{shown(routes[0])}`{where} {_why_fine(routes[0])}",
        )


def _is_open(route: Route) -> Tri:
    if route.api is not None and route.api.protocol == "WEBSOCKET" and is_connect(route).is_no:
        connect = [r for r in route.api.routes if not is_connect(r).is_no]
        if connect:
            return NO  # whoever is connected was let in by `$connect`
    return route_asks_nothing(route) & calls_aws(route) & ~route.api_key.is_true()


def _why_fine(route: Route) -> str:
    reasons = (
        (route.method.matches("(?i)options"), "is for preflight requests"),
        (~route.authorization.is_("NONE"), f"asks for {route.authorization.show()}"),
        (route.api_key.is_true(), "asks for an API key"),
        (~calls_aws(route), "calls nothing in the account"),
    )
    for answer, reason in reasons:
        if answer.is_yes:
            return reason
    if route.api is not None and route.api.protocol == "WEBSOCKET":
        return "serves clients that `$connect` let in"
    return "is not public: the API is private, or its policy or client certificates keep people out"


def _is_guarded(route: Route) -> Tri:
    return ~route.authorization.is_("NONE") | route.api_key.is_true()


def _fix(routes: tuple[Route, ...]) -> Fix:
    # Of a WebSocket API only `$connect` asks; here there is none that could.
    if any(r.api is not None and r.api.protocol == "WEBSOCKET" and is_connect(r).is_no for r in routes):
        return Fix.advice("add a `$connect` route that asks for authorization")
    return Fix.unsafe(
        "require IAM authorization",
        *(Set(route, "authorization", "AWS_IAM") for route in routes),
        why="callers that do not sign their requests with AWS credentials stop working",
    )
