"""A stage of an API without throttling limits of its own.

## What it does
Reports stages that set neither a rate nor a burst limit for their routes. It weighs more where routes are open to
anybody, and stands for the functions behind them then, which nothing else caps. An API all of whose routes ask for an API
key is left to its usage plans, if these set a rate, a burst or a quota.

## Why is this bad?
Without a limit of its own a stage may use what the whole account has in the region (10,000 requests a second unless
it was raised). One caller can then starve every other API of the account, use up the concurrency of all functions,
and run up the bill.

## When it is fine
Where a web ACL or CDN in front limits the rate, and the API can't be called around it.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100}]
```
```yaml bad
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
  Prod:
    Type: AWS::ApiGatewayV2::Stage
    Properties: {ApiId: !Ref Api, StageName: prod}
```
```yaml good
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
  Prod:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: prod
      DefaultRouteSettings: {ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100}
```
```hcl bad
resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_stage" "prod" {
  api_id = aws_apigatewayv2_api.shop.id
  name   = "prod"
}
```
```hcl good
resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_stage" "prod" {
  api_id = aws_apigatewayv2_api.shop.id
  name   = "prod"

  default_route_settings {
    throttling_rate_limit  = 50
    throttling_burst_limit = 100
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: GET /orders
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: GET /orders
resources:
  extensions:
    HttpApiStage:
      Properties:
        DefaultRouteSettings: {ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100}
```

## Fix safety
Unsafe: requests above the limit are refused. Choose limits above your own peaks.

## References
- [Throttle requests to REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html)
- [Throttle requests to HTTP APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Stage, UsagePlan
from stockade.model.intent import Fix, Set
from stockade.model.invokers import route_is_open
from stockade.model.value import NO, Tri, all_of, any_of, given, maybe
from stockade.rules._base import LOW, MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules._words import is_made
from stockade.rules.exposure._shared import rate_settings, stage_name, stage_place, stages, unlimited


@rule(
    "SK114",
    "api-without-throttling",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-6"],
    maps={"cwe": [770]},
    aliases=["ES2003", "DefaultThrottling"],
    applies="is behind no stage of an API",
    holds="the stage limits the rate of requests, or a usage plan does",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage for its limits."""
    del ctx
    for stage in stages(app):
        api = stage.api
        public = NO if api is None else any_of(given(r.exists, route_is_open(r)) for r in api.routes)
        yield from found(
            unlimited(stage) & ~_metered(app, stage),
            subject=stage,
            at=stage.settings_at or stage_place(stage),
            severity=LOW if public.is_no else MEDIUM,
            message=(
                f"{stage_name(stage)} has no rate limit of its own"
                + ("" if public.is_no else ": one caller can use up what the whole account may have")
            ),
            help=f"set a rate and a burst limit for all routes {rate_settings(stage)}",
            related=_uncapped(stage),
            fix=_fix(stage),
        )


def _fix(stage: Stage) -> Fix:
    if is_made(stage) and stage.api is not None and stage.api.protocol == "REST":  # the framework has no setting for it
        return Fix.advice("limit the rate of requests to the stage")
    return Fix.unsafe(
        "limit the stage to 50 requests a second",
        Set(stage, "throttle_rate", 50),
        Set(stage, "throttle_burst", 100),
        why="requests above the limit are refused; choose limits above your own peaks",
    )


def _uncapped(stage: Stage) -> tuple[Label, ...]:
    """The functions behind open routes that nothing else caps: `uncapped-public-function` leaves these to this rule."""
    routes = () if stage.api is None else stage.api.routes.items
    functions = {id(r.function): r.function for r in routes if r.function is not None and route_is_open(r).is_yes}
    return tuple(
        Label(function.origin, "has no reserved concurrency either")
        for function in list(functions.values())[:8]
        if function.reserved_concurrency.is_set().is_no
    )


def _metered(app: App, stage: Stage) -> Tri:
    """Whether every route asks for an API key, and usage plans limit what its holders may ask for."""
    routes = () if stage.api is None else stage.api.routes.items
    asked = [r.api_key.is_true() for r in routes if not r.method.matches("(?i)options").is_yes]
    keyed = all_of(asked) if asked else NO
    return keyed if keyed.is_no else keyed & _planned(app, stage)


def _planned(app: App, stage: Stage) -> Tri:
    """Whether the usage plans of the stage's API limit requests. A key counts in a plan, which may stand elsewhere."""
    answers: list[Tri] = []
    unsure: list[Tri] = []
    for plan in app.of(UsagePlan):
        limited = given(plan.exists, plan.throttle_rate.is_set() | plan.throttle_burst.is_set() | plan.quota.is_set())
        named = [app.get(ref.target) for api in plan.apis for _, ref in api.references()]
        if stage.api in named:
            answers.append(limited)
        elif not plan.apis.complete or (not named and any(api.is_("").truth == "maybe" for api in plan.apis)):
            unsure.append(maybe(f"which APIs `{plan}` is for is not known", plan.origin))
    if not answers:
        why = "no usage plan of its API is part of the scanned code"
        unsure.append(maybe(why, remedy="scan the code that declares it too", cause="usage plan"))
    return all_of([*answers, *unsure])
