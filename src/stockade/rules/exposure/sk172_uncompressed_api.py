"""A REST API that compresses no answers.

## What it does
Reports REST APIs without a size from which on answers are compressed. For auditors: other tools' checklists ask for it.
HTTP and WebSocket APIs can't compress.

## Why is this bad?
Clients wait longer for large answers, and the traffic costs more.

## When it is fine
Where answers are small, or compressed by the function or a CDN. Where an answer holds a secret beside text that a
caller chooses, compression can even give the secret away (BREACH).

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod, MinimumCompressionSize: 1024}
```
```hcl bad
resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
}
```
```hcl good
resource "aws_api_gateway_rest_api" "shop" {
  name                     = "shop"
  minimum_compression_size = 1024
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
provider:
  name: aws
  runtime: python3.13
  apiGateway: {minimumCompressionSize: 1024}
functions:
  orders:
    handler: app.handler
    events: [{http: GET /orders}]
```

## Fix safety
Unsafe: answers that hold secrets beside what callers choose can give them away by their size.

## References
- [Payload compression for REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html)
- [BREACH](https://www.breachattack.com/)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix, Set
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules.exposure._shared import start

_LARGE = 1024  # bytes; below, compressing costs more than it saves


@rule(
    "SK172",
    "uncompressed-api",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["INVK-6"],
    aliases=["ed35928e", "d6653eee", "a2f2800e", "d5d1fe08", "contentEncoding"],
    applies="is behind no REST API",
    holds="its REST APIs compress answers",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every REST API from which size on it compresses."""
    del ctx
    for api in app.apis:
        if api.protocol != "REST":
            continue
        size = api.minimum_compression
        yield from found(
            size.where(lambda v: v is None or int(v) < 0),
            subject=api,
            at=size if size.is_set().is_yes else start(api, tuple(api.routes)),
            message=f"`{api}` compresses no answers",
            help="state from which size on answers are compressed, if they hold no secrets",
            fix=Fix.unsafe(
                f"compress answers from {_LARGE} bytes on",
                Set(api, "minimum_compression", _LARGE),
                why="answers that hold secrets beside what callers choose can give them away by their size",
            ),
        )
