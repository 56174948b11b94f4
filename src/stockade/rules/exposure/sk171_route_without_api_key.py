"""A method of a REST API that asks for no API key.

## What it does
Reports methods of REST APIs that can be called without an API key; where none of an API asks for one, the API once. For
auditors: other tools' checklists ask for it. A key tells callers apart; it authenticates nobody (`api-key-as-only-auth`).

## Why is this bad?
Without keys, requests of one customer can't be told from those of another one: no usage plan counts or limits them.

## When it is fine
Mostly: an authorizer says who calls, and limits of the stage hold for everybody. Preflight requests can't have a key, and
are not told.

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
        Get: {Type: Api, Properties: {Path: /orders, Method: get}}
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
        Get: {Type: Api, Properties: {Path: /orders, Method: get, Auth: {ApiKeyRequired: true}}}
```
```hcl bad
resource "aws_api_gateway_method" "get" {
  rest_api_id   = "abc"
  resource_id   = "r1"
  http_method   = "GET"
  authorization = "AWS_IAM"
}
```
```hcl good
resource "aws_api_gateway_method" "get" {
  rest_api_id      = "abc"
  resource_id      = "r1"
  http_method      = "GET"
  authorization    = "AWS_IAM"
  api_key_required = true
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events: [{http: GET /orders}]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13, apiGateway: {apiKeys: [partner]}}
functions:
  orders:
    handler: app.handler
    events:
      - http: {method: GET, path: /orders, private: true}
```

## Fix safety
Advice only: every caller has to be given a key first.

## References
- [API keys for REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-setup-api-keys.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Resource, Route
from stockade.rules._base import INFO, Context, Outcome, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._methods import without


@rule(
    "SK171",
    "route-without-api-key",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["INVK-6"],
    aliases=["671211c5", "3641d5b4"],
    applies="is behind no method of a REST API",
    holds="its methods ask for an API key",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every method of a REST API for its key, and tell of an API that has none once."""
    del ctx
    yield from without(
        app,
        lambda route: route.api_key.is_true(),
        many="ask for no API key",
        one="asks for no API key",
        each="asks for none",
        words=_words,
        advice="ask for an API key",
    )


def _words(subject: Resource, _: Route) -> str:
    return by_format(
        subject,
        "if a usage plan is to count who calls, set `ApiKeyRequired` to true",
        "if a usage plan is to count who calls, set `api_key_required` to true",
        "if a usage plan is to count who calls, set `private: true` of the event",
    )
