"""A stage of a REST API without a cache.

## What it does
Reports stages of REST APIs that keep no answers in a cache. For auditors: other tools' checklists ask for it. HTTP and
WebSocket APIs have no cache.

## Why is this bad?
Every request runs the function behind it, also one that was answered a second ago. Many equal requests then cost more,
and use up concurrency that other functions need.

## When it is fine
Mostly: a cache has a price by the hour, and answers that depend on who asks must not be in it.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      CacheClusterEnabled: true
      CacheClusterSize: "0.5"
```
```hcl bad
resource "aws_api_gateway_stage" "shop" {
  rest_api_id   = "abc"
  deployment_id = "d1"
  stage_name    = "prod"
}
```
```hcl good
resource "aws_api_gateway_stage" "shop" {
  rest_api_id           = "abc"
  deployment_id         = "d1"
  stage_name            = "prod"
  cache_cluster_enabled = true
  cache_cluster_size    = "0.5"
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
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Stage:
      Type: AWS::ApiGateway::Stage
      Properties:
        RestApiId: abc
        DeploymentId: d1
        StageName: prod
        CacheClusterEnabled: true
        CacheClusterSize: "0.5"
```

## Fix safety
Advice only: which answers may be kept, and for how long, is yours to say, and a cache has a price.

## References
- [Cache settings for REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules.exposure._shared import is_http, stage_name, stage_place, stages


@rule(
    "SK168",
    "uncached-stage",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["INVK-6"],
    aliases=["CKV_AWS_120", "CKV_AWS_225", "AWS-0190", "52790cad", "60a05ede", "responseCaching"],
    applies="is behind no stage of a REST API",
    holds="the stage has a cache",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage of a REST API for its cache."""
    del ctx
    for stage in stages(app):
        if is_http(stage) or (stage.api is not None and stage.api.protocol == "WEBSOCKET"):
            continue
        yield from found(
            ~stage.cache_enabled.is_true(),
            subject=stage,
            at=stage_place(stage),
            message=f"{stage_name(stage)} has no cache",
            help="give the stage a cache, if the same answers are asked for often",
            fix=Fix.advice("give the stage a cache"),
        )
