"""A REST API that is defined twice: by a document, and by resources beside it.

## What it does
Reports REST APIs with an OpenAPI definition (`Body`, `BodyS3Location`) to which methods and authorizers are added as resources of
their own. Those that merge the definition (`Mode: merge`) are left alone.

## Why is this bad?
Each time the definition changes, API Gateway replaces the whole API by it. The methods and authorizers beside it are gone then,
and CloudFormation and Terraform still take them to be there: a route loses its authorizer, or is not found.

## When it is fine
Where the definition never changes.

## Example
```yaml bad
Resources:
  Shop:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body: {openapi: 3.0.1, info: {title: shop}, paths: {/: {get: {x-amazon-apigateway-integration: {type: mock}}}}}
      Name: shop
  Orders:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration: {Type: MOCK}
```
```yaml good
Resources:
  Shop:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: shop
  Orders:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration: {Type: MOCK}
```
```hcl bad
resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
  body = jsonencode({ openapi = "3.0.1", info = { title = "shop" }, paths = {} })
}

resource "aws_api_gateway_method" "orders" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "POST"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_integration" "orders" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  resource_id = aws_api_gateway_rest_api.shop.root_resource_id
  http_method = aws_api_gateway_method.orders.http_method
  type        = "MOCK"
}
```
```hcl good
resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
}

resource "aws_api_gateway_method" "orders" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "POST"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_integration" "orders" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  resource_id = aws_api_gateway_rest_api.shop.root_resource_id
  http_method = aws_api_gateway_method.orders.http_method
  type        = "MOCK"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Shop:
      Type: AWS::ApiGateway::RestApi
      Properties:
        Body: {openapi: 3.0.1, info: {title: shop}, paths: {/: {get: {x-amazon-apigateway-integration: {type: mock}}}}}
        Name: shop
    Orders:
      Type: AWS::ApiGateway::Method
      Properties:
        RestApiId: !Ref Shop
        ResourceId: !GetAtt Shop.RootResourceId
        HttpMethod: POST
        AuthorizationType: AWS_IAM
        Integration: {Type: MOCK}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Shop:
      Type: AWS::ApiGateway::RestApi
      Properties:
        Name: shop
    Orders:
      Type: AWS::ApiGateway::Method
      Properties:
        RestApiId: !Ref Shop
        ResourceId: !GetAtt Shop.RootResourceId
        HttpMethod: POST
        AuthorizationType: AWS_IAM
        Integration: {Type: MOCK}
```

## Fix safety
Advice only: the resources have to move into the definition, or the definition into resources.

## References
- [Mode of AWS::ApiGateway::RestApi](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html)
- [PutRestApi](https://docs.aws.amazon.com/apigateway/latest/api/API_PutRestApi.html)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stockade.model.app import App, Authorizer, Resource, Route
from stockade.model.intent import Fix
from stockade.model.value import NO
from stockade.rules._base import LOW, Context, Label, Outcome, found, rule

_FIX = Fix.advice("define the API in one way", why="or have it merge the definition instead of taking its place")
# What is a resource of its own; other routes and authorizers stand in the definition.
_OWN = frozenset(
    {
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Authorizer",
        "aws_api_gateway_method",
        "aws_api_gateway_authorizer",
    }
)
_MOST = 5  # places that are shown


@rule(
    "SK810",
    "doubly-defined-api",
    severity=LOW,
    since="0.1",
    persona="pedantic",
    controls=["DELV-2"],
    aliases=["W3660"],
    applies="is behind no REST API",
    holds="its REST APIs are defined in one way",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for resources beside a definition."""
    del ctx
    beside: dict[int, list[Resource]] = defaultdict(list)
    parts: tuple[Route | Authorizer, ...] = (*app.of(Route), *app.of(Authorizer))
    for part in parts:
        if part.type in _OWN and part.api is not None:
            beside[id(part.api)].append(part)
    for api in app.apis:
        if api.protocol != "REST":
            continue
        own = beside[id(api)] if api.body else []
        answer = ~api.body_mode.is_("merge")
        yield from found(
            answer if own else NO,
            subject=api,
            at=api,
            message=f"the REST API `{api}` is defined by a document, and has `{own[0] if own else api}` beside it",
            help="move it into the definition",
            fix=_FIX,
            related=tuple(Label(part.origin, f"`{part}` is beside it") for part in own[:_MOST]),
        )
