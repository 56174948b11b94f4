"""A route of an API that asks for an API key and nothing else.

## What it does
Reports routes that need an API key but no authorization. If that is so for all routes of an API, it is one finding.

## Why is this bad?
An API key says *which* client calls, for usage plans and throttling; it does not prove it. Keys do not expire, travel
in a plain header, end up in apps, logs and repositories, and work for every API of the usage plan. AWS advises
against them as authorization.

## When it is fine
For public data where the key only meters use.

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
      Events: {Post: {Type: Api, Properties: {Method: post, Path: /orders, Auth: {ApiKeyRequired: true}}}}
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
        Post: {Type: Api, Properties: {Method: post, Path: /orders, Auth: {ApiKeyRequired: true, Authorizer: AWS_IAM}}}
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
      ApiKeyRequired: true
      Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: "arn:aws:apigateway:eu-west-1:lambda:path/x"}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:1"
}

resource "aws_api_gateway_rest_api" "shop" { name = "shop" }

resource "aws_api_gateway_method" "post" {
  rest_api_id      = aws_api_gateway_rest_api.shop.id
  resource_id      = aws_api_gateway_rest_api.shop.root_resource_id
  http_method      = "POST"
  authorization    = "NONE"
  api_key_required = true
}

resource "aws_api_gateway_integration" "post" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_method.post.resource_id
  http_method             = aws_api_gateway_method.post.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.orders.invoke_arn
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:1"
}

resource "aws_api_gateway_rest_api" "shop" { name = "shop" }

resource "aws_api_gateway_method" "post" {
  rest_api_id      = aws_api_gateway_rest_api.shop.id
  resource_id      = aws_api_gateway_rest_api.shop.root_resource_id
  http_method      = "POST"
  authorization    = "AWS_IAM"
  api_key_required = true
}

resource "aws_api_gateway_integration" "post" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_method.post.resource_id
  http_method             = aws_api_gateway_method.post.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.orders.invoke_arn
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - http: {method: post, path: orders, private: true}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - http: {method: post, path: orders, private: true, authorizer: aws_iam}
```

## Fix safety
Unsafe: callers that do not sign their requests with AWS credentials stop working. Where the API is deployed by a resource that
is not made anew by itself, the stage goes on as it was until you deploy again; the fix says so.

## References
- [API keys and usage plans](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Api, App, Route
from stockade.model.intent import Fix, Set
from stockade.model.invokers import route_asks_nothing
from stockade.model.value import Tri
from stockade.rules._base import MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules.exposure._shared import by_cause, calls_aws, functions_of, listed, shown, start


@rule(
    "SK113",
    "api-key-as-only-auth",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-6"],
    maps={"cwe": [287]},
    applies="is behind no route of an API that asks for an API key",
    holds="callers need more than an API key",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every route with an API key for its authorization."""
    del ctx
    for subject, answer, routes in by_cause(app, _key_only, lambda r: ~r.authorization.is_("NONE")):
        if all(r.api_key.is_true().is_no for r in routes):
            continue
        api = subject if isinstance(subject, Api) else routes[0].api
        where = f" of `{api}`" if api is not None else ""
        functions = functions_of(routes)
        whom = f" and so run {listed(f'`{f}`' for f in functions)}" if functions else ""
        many = len(routes) > 1
        yield from found(
            answer,
            subject=subject,
            functions=functions,
            at=start(subject, routes) if many else routes[0].api_key,
            message=(
                f"an API key alone is enough to call {len(routes)} routes of `{api}`{whom}"
                if many
                else f"an API key alone is enough to call `{shown(routes[0])}`{where}{whom}"
            ),
            help="add an authorizer or AWS_IAM; keep the key for the usage plan",
            fix=Fix.unsafe(
                "require IAM authorization too",
                *(Set(route, "authorization", "AWS_IAM") for route in routes),
                why="callers that do not sign their requests with AWS credentials stop working",
            ),
            related=tuple(Label(r.origin, f"`{shown(r)}` asks for a key only") for r in routes[: 8 if many else 1]),
            evidence="all routes" if many else shown(routes[0]),
        )


def _key_only(route: Route) -> Tri:
    key = route.api_key.is_true()
    return key if key.is_no else key & route_asks_nothing(route) & calls_aws(route)
