"""A permission for API Gateway that covers every stage, or every method and path, of an API.

## What it does
Reports source ARNs that name the API but leave stage, method or path open, unless a catch-all route of the API needs
it. Permissions that SAM or the Serverless Framework makes by itself are left out: SAM's are for one route, and those of the
Serverless Framework for the whole API or for every API, which nobody can change.

## Why is this bad?
A route that is added later, on a stage that nobody protects, may call the function at once. With the exact stage,
method and path the permission says what the function is for, and a mistake in the API stays without effect.

## When it is fine
On an API with one stage, whose routes all lead to this function. It is quiet where the whole API is in the code and is like that.

## Example
```yaml bad
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: shop}
  FromApi:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/*
```
```yaml good
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: shop}
  FromApi:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/prod/POST/orders
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events:
        Post:
          Type: Api
          Properties: {Method: post, Path: /orders}
```
```hcl bad
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }

resource "aws_lambda_permission" "from_api" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.shop.execution_arn}/*/*/*"
}
```
```hcl good
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }

resource "aws_lambda_permission" "from_api" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.shop.execution_arn}/prod/POST/orders"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
  list:
    handler: list.handler
    events:
      - httpApi: GET /orders
resources:
  Resources:
    FromApi:
      Type: AWS::Lambda::Permission
      Properties:
        FunctionName: !Ref OrdersLambdaFunction
        Action: lambda:InvokeFunction
        Principal: apigateway.amazonaws.com
        SourceArn: !Sub arn:aws:execute-api:${aws:region}:${aws:accountId}:${HttpApi}/*/*
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: POST /orders
```

## Fix safety
Advice only: which stages and routes have to reach the function is a decision.

## References
- [Control access to invoke an API](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Api, App, Permission, Route, Stage
from stockade.model.intent import Fix
from stockade.model.value import NO, Tri, any_of
from stockade.rules._base import INFO, LOW, Context, Outcome, found, rule, spared
from stockade.rules.exposure._shared import API_GATEWAY, called, calls_aws, stages

# How the ids of permissions end that the Serverless Framework makes of the events `http`, `httpApi` and `websocket`.
_ENDINGS = frozenset({"ApiGateway", "HttpApi", "Websockets"})
_PARTS = frozenset({Route.kind, Stage.kind})
_MADE = "has a permission for more than its routes, which its framework makes, and nobody can narrow"
_API = r"arn:[^:]*:execute-api:[^:]*:[^:]*:[^*/]+"


@rule(
    "SK107",
    "wide-api-stage-or-method",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["INVK-3"],
    maps={"cwe": [284]},
    applies="has no permission for API Gateway",
    holds="permissions for API Gateway name stage, method and path, or a catch-all route needs them",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission for API Gateway how much of the API it covers."""
    del ctx
    for permission in app.of(Permission):
        concerned = permission.principal.reads(API_GATEWAY)
        if concerned.is_no:
            continue
        all_routes = permission.source_arn.reads(_API + r"(?:/\*){1,3}") & ~_has_catch_all(permission)
        why = ""
        if permission.generated_by or _is_of_the_framework(permission):
            # An event of SAM's without a path is for every path, as its permission is.
            by_route = permission.generated_by.startswith("SAM event")
            if not by_route and not (all_routes | ~permission.source_arn.is_set()).is_no:
                if permission.function is not None:
                    yield from spared(permission.function, _MADE)
                continue
            why = "the permission is made of the route that it is for"
        elif _is_all_for(app, permission):
            why = "the API has one stage, and all of its routes lead to the function"
        if why:
            yield from found(NO, subject=permission, message="", passes=why)
            continue
        all_stages = permission.source_arn.reads(_API + r"/\*/.*[^*/].*")
        may_be_all = permission.source_arn.runs_on() & ~_has_catch_all(permission)
        yield from found(
            concerned & (all_routes | all_stages | may_be_all),
            subject=permission,
            at=permission.source_arn,
            severity=INFO if all_routes.is_no else LOW,
            message=f"{_what(permission, all_routes)} of the API may invoke `{called(permission)}`",
            help=f"end the source ARN in {_END[_is_socket(permission)]}",
            fix=Fix.advice(f"write {_END[_is_socket(permission)]} in place of the wildcards"),
        )


# https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html (as of 2026-11-28): by whether it is
# a WebSocket API, which has neither methods nor paths.
_END = {False: "the stage, method and path of the route", True: "the stage and the key of the route"}


def _is_socket(permission: Permission) -> bool:
    return isinstance(permission.source, Api) and permission.source.protocol == "WEBSOCKET"


def _what(permission: Permission, all_routes: Tri) -> str:
    """What of the API is let in."""
    if _is_socket(permission):
        return "every route on every stage" if not all_routes.is_no else "every stage"
    if not all_routes.is_no:
        return "every method and path on every stage"
    any_method = permission.source_arn.reads(_API + r"/\*/\*/.*[^*/].*").is_yes
    # A wildcard takes in slashes too: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    return "every method of all paths that end so, on every stage," if any_method else "every stage"


def _is_of_the_framework(permission: Permission) -> bool:
    """Whether the Serverless Framework made it, in a template that it packaged: it gives it this id, next to the function's."""
    stem, ending = permission.address.partition("LambdaPermission")[::2]
    function = permission.function
    return ending in _ENDINGS and function is not None and function.address == f"{stem}LambdaFunction"


def _is_all_for(app: App, permission: Permission) -> bool:
    """Whether it is certain that the API has one stage, and nothing but routes to the function."""
    api, function = permission.source, permission.function
    if not isinstance(api, Api) or function is None or not api.routes.items or not api.definition.is_set().is_no:
        return False
    if not (api.routes.complete and api.stages.complete and app.unread(function, _PARTS) is None):
        return False
    lead = all(route.function is function or calls_aws(route).is_no for route in api.routes)
    return lead and len(list(stages(app, api))) == 1


def _has_catch_all(permission: Permission) -> Tri:
    """Whether the API has a route to the function that takes every path."""
    api = permission.source
    routes = api.routes if isinstance(api, Api) else ()
    own = [r for r in routes if r.function is permission.function]
    return any_of(r.path.matches(r".*\{[^}]*\+\}") | r.path.is_("$default") | r.method.is_("$default") for r in own)
