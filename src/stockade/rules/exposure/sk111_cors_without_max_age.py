"""A CORS configuration that does not say how long browsers may remember it.

## What it does
Reports function URLs and APIs that allow cross-origin requests and set no maximum age.

Browsers ask before they send a method or header that is not simple. Where a URL or an HTTP API allows none beyond `GET`,
`HEAD` and `POST`, and no header, they are always refused, and there is nothing to remember. So it is where every request has to
be signed and the header `Authorization` is not allowed.

## Why is this bad?
Without it browsers remember the answer to a preflight request for five seconds or less, so nearly each request of a
page is two. The first is answered by API Gateway or Lambda, costs time, and counts against your throttling.

## When it is fine
While the allowed origins change often: a browser keeps the old answer until its age is over.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: {AllowOrigins: ["https://shop.example.com"], AllowHeaders: [Content-Type]}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: {AllowOrigins: ["https://shop.example.com"], AllowHeaders: [Content-Type], MaxAge: 600}
```
```yaml bad
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: orders
      AuthType: AWS_IAM
      Cors: {AllowOrigins: ["https://shop.example.com"], AllowHeaders: [Authorization]}
```
```yaml good
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: orders
      AuthType: AWS_IAM
      Cors: {AllowOrigins: ["https://shop.example.com"], AllowHeaders: [Authorization], MaxAge: 600}
```
```hcl bad
resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins = ["https://shop.example.com"]
    allow_headers = ["content-type"]
  }
}
```
```hcl good
resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins = ["https://shop.example.com"]
    allow_headers = ["content-type"]
    max_age       = 600
  }
}
```
```yaml bad
service: shop
provider:
  name: aws
  runtime: python3.13
  httpApi: {cors: true}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: GET /orders
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    url:
      cors: {allowedOrigins: [https://shop.example.com], allowedHeaders: [Content-Type]}
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  httpApi:
    cors: {allowedOrigins: [https://shop.example.com], allowedHeaders: [Content-Type], maxAge: 600}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: GET /orders
```

## Fix safety
Safe: browsers ask less often.

## References
- [Access-Control-Max-Age](https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Api, App, Route, Url
from stockade.model.intent import Fix, Set
from stockade.model.value import File, Value
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import is_made
from stockade.rules.exposure._cors import has_cors, remembers


@rule(
    "SK111",
    "cors-without-max-age",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["INVK-5"],
    applies="has neither a function URL nor an API with a CORS configuration",
    holds="browsers are told how long to remember the CORS configuration",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every CORS configuration for its maximum age."""
    del ctx
    records: tuple[Url | Api, ...] = (*app.urls, *app.apis)
    for record in records:
        cors = has_cors(record)
        if cors.is_no:
            continue
        shown = f"the URL of `{record.function or record.address}`" if isinstance(record, Url) else f"`{record}`"
        yield from found(
            cors & ~record.cors_max_age.is_set() & remembers(record),
            subject=record,
            at=_place(record),
            message=f"browsers repeat the preflight request for nearly every call of {shown}",
            help="set the maximum age in seconds",
            fix=Fix.safe("let browsers remember for ten minutes", Set(record, "cors_max_age", 600)),
            passes=""
            if record.cors_max_age.is_set().is_yes
            else "no preflight request succeeds, and there is nothing to remember",
        )


def _place(record: Url | Api) -> Value[str] | Url | Api | Route:
    """The place to show: of a REST API, whose methods each have their own, at one that browsers ask before they call."""
    first: Value[str] | Url | Api = next(iter(record.cors_origins), record)
    if isinstance(record, Url) or record.protocol != "REST":
        return first
    origins: tuple[Value[str], ...] = (*record.cors_origins, *record.origins_again)
    asked = [route for route in record.routes if not route.method.matches("(?i)get|head|options").is_yes]
    inside = next((value for value in origins if any(_holds(route, value) for route in asked)), None)
    if inside is not None:
        return inside
    by_path = {route.path.show(): route for route in asked}
    for value in origins:
        for route in record.routes:
            beside = by_path.get(route.path.show()) if _holds(route, value) else None
            if beside is not None:
                return beside if is_made(route) else value
    return first


def _holds(route: Route, value: Value[str]) -> bool:
    """Whether a value stands in the block of a method."""
    outer, inner = route.origin, value.origin
    return isinstance(outer, File) and isinstance(inner, File) and outer.span.covers(inner.span)
