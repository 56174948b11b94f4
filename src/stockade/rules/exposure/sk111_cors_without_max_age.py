"""A CORS configuration that does not say how long browsers may remember it.

## What it does
Reports function URLs and APIs that allow cross-origin requests and set no maximum age.

Browsers ask before they send a method or header that is not simple. Where a URL or an HTTP API allows none beyond `GET`,
`HEAD` and `POST`, and no header, they are always refused, and there is nothing to remember. So it is where every request has to
be signed and the header `Authorization` is not allowed; and where every request has to hold a token in it and it is not
named, for `*` does not stand for it.

## Why is this bad?
Without it browsers remember the answer to a preflight request for five seconds or less, so nearly each request
that they ask about is two. The first is answered by API Gateway or Lambda, costs time, and counts against your throttling.

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
from typing import TypeAlias

from stockade.model.app import Api, App, Route, Url
from stockade.model.intent import Fix, Set
from stockade.model.value import File, Tri, Value, any_of
from stockade.rules._base import INFO, Context, Label, Outcome, found, rule
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
        at, again = _places(record)
        yield from found(
            cors & _lacks(record) & remembers(record),
            subject=record,
            at=at,
            message=f"browsers repeat the preflight request for nearly every call of {shown} that they ask about first",
            help=_help(record) + (", for each path" if again else ""),
            fix=Fix.advice("let browsers remember for ten minutes")
            if _answers_itself(record)
            else Fix.safe("let browsers remember for ten minutes", Set(record, "cors_max_age", 600)),
            related=tuple(Label(one.origin, "and here") for one in again),
            passes="" if _lacks(record).is_no else "no preflight request succeeds, and there is nothing to remember",
        )


def _answers_itself(record: Url | Api) -> bool:
    """Whether methods of a REST API answer preflight requests, and no setting of the API's does: SAM alone has one."""
    return (
        isinstance(record, Api)
        and record.protocol == "REST"
        and record.site is not None
        and not record.site.type.startswith("AWS::Serverless::")
    )


def _help(record: Url | Api) -> str:
    """What to write where.

    https://www.serverless.com/framework/docs/providers/aws/events/apigateway#enabling-cors (as of 2026-11-28): of the events of a
    path it is enough that one states it.
    """
    if not _answers_itself(record):
        return "set the maximum age in seconds"
    if is_made(record):
        return "state `maxAge` in `cors` of an event `http` (for `true`, that is `cors: {origin: '*', maxAge: 600}`)"
    return "answer preflight requests with the header `Access-Control-Max-Age` too"


def _lacks(record: Url | Api) -> Tri:
    """Whether an answer to preflight requests says nothing of its age. Each path of a REST API has an answer of its own."""
    forgotten = record.origins_forgotten if isinstance(record, Api) else ()
    return ~record.cors_max_age.is_set() | any_of(value.is_set() for value in forgotten)


_At: TypeAlias = Value[str] | Url | Api | Route


def _places(record: Url | Api) -> tuple[_At, list[_At]]:
    """The place to show, and the others that have to change: each path of a REST API answers for itself.

    Shown is a path with a method that browsers ask before they call, if there is one.
    """
    first: _At = next(iter(record.cors_origins), record)
    if isinstance(record, Url) or record.protocol != "REST":
        return first, []
    asked = [route for route in record.routes if not route.method.matches("(?i)get|head|options").is_yes]
    best: dict[str, tuple[int, _At]] = {}
    own: tuple[Value[str], ...] = (*record.cors_origins, *record.origins_again)
    for value in own if record.cors_max_age.is_set().is_no else record.origins_forgotten:
        if not isinstance(value.origin, File):
            continue
        for path, rank, at in _of_paths(record, value, asked):
            if path not in best or rank < best[path][0]:
                best[path] = rank, at
    ranked = sorted(best.values(), key=lambda found: found[0])
    places: dict[object, _At] = {}
    for _, at in ranked:
        places.setdefault(_where(at), at)
    shown, *again = list(places.values()) or [first]
    return shown, again


def _of_paths(api: Api, value: Value[str], asked: list[Route]) -> Iterator[tuple[str, int, _At]]:
    """The paths for which a value is said, each with how well it shows what is wrong (0 is best), and the place to show."""
    holders = [route for route in api.routes if _holds(route, value)]
    if not holders:
        yield "", 0, value  # for the whole API
    by_path = {route.path.show(): route for route in asked}
    for route in holders:
        path = route.path.show()
        if any(route is one for one in asked):
            yield path, 0, value
        elif path in by_path:
            yield path, 1, value
        else:
            yield path, 2, value


def _where(at: _At) -> object:
    return (at.origin.path, at.origin.span.start) if isinstance(at.origin, File) else at


def _holds(route: Route, value: Value[str]) -> bool:
    """Whether a value stands in the block of a method."""
    outer, inner = route.origin, value.origin
    return isinstance(outer, File) and isinstance(inner, File) and outer.span.covers(inner.span)
