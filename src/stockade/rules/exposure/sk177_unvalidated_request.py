"""A method of a REST API that takes requests as they come.

## What it does
Reports methods of REST APIs without a request validator; where none of an API has one, the API once. For auditors: other
tools' checklists ask for it. A validator that is told to check nothing counts as none. What models demand, and what the
handler checks, is not looked at.

## Why is this bad?
A validator refuses requests whose body doesn't follow the model, or that lack a parameter, before the function runs. Without
one, whatever comes runs the function, and each handler has to check all of it by itself.

## When it is fine
Mostly: where handlers check what they get, as with the validation of Powertools, or where the method takes nothing but its
path. Preflight requests have nothing to check, and are not told. HTTP APIs have no validators.

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
      Events:
        Put: {Type: Api, Properties: {Path: /orders, Method: post, RestApiId: !Ref Shop}}
  Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod}}
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
        Put:
          Type: Api
          Properties:
            Path: /orders
            Method: post
            RestApiId: !Ref Shop
            RequestModel: {Model: Order, Required: true, ValidateBody: true}
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Models: {Order: {type: object, required: [item], properties: {item: {type: string}}}}
```
```hcl bad
resource "aws_api_gateway_method" "put" {
  rest_api_id   = "abc"
  resource_id   = "r1"
  http_method   = "POST"
  authorization = "AWS_IAM"
}
```
```hcl good
resource "aws_api_gateway_method" "put" {
  rest_api_id          = "abc"
  resource_id          = "r1"
  http_method          = "POST"
  authorization        = "AWS_IAM"
  request_validator_id = "v1"
  request_models       = { "application/json" = "Order" }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events: [{http: POST /orders}]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - http:
          method: POST
          path: /orders
          request: {schemas: {application/json: {type: object, required: [item]}}}
```

## Fix safety
Advice only: what a request has to look like is yours to say, and callers that send something else are refused from then on.

## References
- [Request validation for REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Resource, Route
from stockade.rules._base import INFO, Context, Outcome, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._methods import without


@rule(
    "SK177",
    "unvalidated-request",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["INVK-6"],
    maps={"cwe": [20]},
    aliases=["CKV2_AWS_53", "AwsSolutions-APIG2", "requestValidation"],
    applies="is behind no method of a REST API",
    holds="its methods have a request validator",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every method of a REST API for its validator, and tell of an API that has none once."""
    del ctx
    yield from without(
        app,
        lambda route: route.validator.is_set(),
        many="validate no request",
        one="validates no request",
        each="has no validator",
        words=_words,
        advice="validate requests",
    )


def _words(_: Resource, route: Route) -> str:
    return by_format(
        route,
        "name what requests have to look like, and a request validator",
        "set `request_validator_id`, with `request_models` or `request_parameters`",
        "state `request.schemas` or `request.parameters` of the event",
        sam="state `RequestModel` of the event, with `ValidateBody` or `ValidateParameters`",
    )
