"""A cache of an API that is not encrypted.

## What it does
Reports stages of REST APIs with a cache that is not encrypted.

## Why is this bad?
The cache holds answers to callers who were allowed to see them, on a disk. It is the one place of the API where data is
at rest, and the one that is not encrypted by itself.

## When it is fine
Where the answers are public.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      CacheClusterEnabled: true
      CacheClusterSize: "0.5"
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
      MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", CachingEnabled: true, CacheDataEncrypted: true}]
```
```hcl bad
resource "aws_api_gateway_stage" "shop" {
  rest_api_id   = "abc"
  deployment_id = "d1"
  stage_name    = "prod"
  cache_cluster_enabled = true
  cache_cluster_size    = "0.5"
}
```
```hcl good
resource "aws_api_gateway_stage" "shop" {
  rest_api_id   = "abc"
  deployment_id = "d1"
  stage_name    = "prod"
  cache_cluster_enabled = true
  cache_cluster_size    = "0.5"
}

resource "aws_api_gateway_method_settings" "shop" {
  rest_api_id = "abc"
  stage_name  = aws_api_gateway_stage.shop.stage_name
  method_path = "*/*"

  settings {
    caching_enabled      = true
    cache_data_encrypted = true
  }
}
```
```yaml bad
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
        MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", CachingEnabled: true, CacheDataEncrypted: true}]
```

## Fix safety
Safe: the cache is emptied once.

## References
- [Cache settings for REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix, Set
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules.exposure._shared import is_http, stage_name, stages


@rule(
    "SK165",
    "unencrypted-cache",
    severity=MEDIUM,
    since="0.2",
    controls=["INVK-6"],
    maps={"aws-fsbp": ["APIGateway.5"], "cwe": [311]},
    aliases=[
        "CKV_AWS_308",
        "AWS-0002",
        "AWS-0110",
        "b7c9a40c",
        "37cca703",
        "W87",
        "API_GW_CACHE_ENABLED_AND_ENCRYPTED",
        "APIGWCacheEnabledAndEncrypted",
        "apigateway_restapi_cache_encrypted",
        "cacheEncryption",
        "APIGateway.5",
        "CacheEncrypted",
    ],
    applies="is behind no stage of a REST API",
    holds="the stage has no cache, or it is encrypted",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage with a cache whether it is encrypted."""
    del ctx
    for stage in stages(app):
        if is_http(stage):
            continue
        yield from found(
            stage.cache_enabled.is_true() & ~stage.cache_encrypted.is_true(),
            subject=stage,
            at=stage.cache_enabled,
            message=f"{stage_name(stage)} caches answers unencrypted",
            help="encrypt the cached data of all methods",
            fix=Fix.safe("encrypt the cache", Set(stage, "cache_encrypted", value=True)),
        )
