"""A stage of a REST API that no usage plan is for.

## What it does
Reports stages of REST APIs that no usage plan of the scanned code names. For auditors: other tools' checklists ask for
it. Whether requests are limited at all is told by `api-without-throttling`.

## Why is this bad?
A usage plan says how much each holder of an API key may call. Without one, nobody's share is limited, and who calls how
much is not counted by customer.

## When it is fine
Where callers have no API keys, so that a plan would limit nobody.

## Example
```yaml bad
Resources:
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Shop, DeploymentId: d1, StageName: prod}
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
```
```yaml good
Resources:
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Shop, DeploymentId: d1, StageName: prod}
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      ApiStages: [{ApiId: !Ref Shop, Stage: !Ref Stage}]
      Throttle: {RateLimit: 50, BurstLimit: 100}
```
```hcl bad
resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  deployment_id = "d1"
  stage_name    = "prod"
}
```
```hcl good
resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  deployment_id = "d1"
  stage_name    = "prod"
}

resource "aws_api_gateway_usage_plan" "shop" {
  name = "shop"

  api_stages {
    api_id = aws_api_gateway_rest_api.shop.id
    stage  = aws_api_gateway_stage.prod.stage_name
  }
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
  apiGateway:
    apiKeys: [partner]
    usagePlan:
      throttle: {rateLimit: 50, burstLimit: 100}
functions:
  orders:
    handler: app.handler
    events: [{http: GET /orders}]
```

## Fix safety
Advice only: how much a customer may call is yours to say.

## References
- [Usage plans and API keys for REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Stage, UsagePlan
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, Tri, any_of, given, maybe
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._elsewhere import may_be_elsewhere
from stockade.rules.exposure._shared import is_http, stage_name, stage_place, stages


@rule(
    "SK170",
    "stage-without-usage-plan",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["INVK-6"],
    aliases=["b3a59b8e", "783860a3", "c999cf62", "7f8f1b60", "W64", "W68"],
    applies="is behind no stage of a REST API",
    holds="a usage plan names the API",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for a usage plan that names the API of each stage."""
    del ctx
    for stage in stages(app):
        if is_http(stage) or (stage.api is not None and stage.api.protocol == "WEBSOCKET"):
            continue
        planned = any_of(_names(app, plan, stage) for plan in app.of(UsagePlan))
        yield from found(
            ~(planned | may_be_elsewhere(app, stage, UsagePlan)),
            subject=stage,
            at=stage_place(stage),
            message=f"no usage plan is for {stage_name(stage)}",
            help="if callers have API keys, declare a usage plan for the stage",
            fix=Fix.advice("declare a usage plan"),
        )


def _names(app: App, plan: UsagePlan, stage: Stage) -> Tri:
    """Whether a plan is for the API of a stage."""
    for value in plan.apis:
        if any(app.get(reference.target) is stage.api for _, reference in value.references() if stage.api is not None):
            return given(plan.exists, YES)
        same = stage.api_id.where(value.is_)
        if not same.is_no and not any(True for _ in value.references()):
            return given(plan.exists, same)
    if not plan.apis.complete:
        return maybe(f"which APIs `{plan}` is for is not known", plan.origin)
    return NO
