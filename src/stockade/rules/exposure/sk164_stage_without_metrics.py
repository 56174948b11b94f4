"""A stage of which only sums are measured.

## What it does
Reports stages of REST and WebSocket APIs without detailed metrics. For pedantic readers.

## Why is this bad?
One number for all methods hides the one that is being tried out by somebody: a thousand refused calls of one path are
few among all.

## When it is fine
Where the access log is evaluated by path. An API that is wholly in the source and has one method, preflight requests
aside, is not reported: the stage's sum is that method's number.

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
      MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", MetricsEnabled: true}]
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
  rest_api_id   = "abc"
  deployment_id = "d1"
  stage_name    = "prod"
}

resource "aws_api_gateway_method_settings" "shop" {
  rest_api_id = "abc"
  stage_name  = aws_api_gateway_stage.shop.stage_name
  method_path = "*/*"

  settings {
    metrics_enabled = true
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
        MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", MetricsEnabled: true}]
```

## Fix safety
Safe: the metrics cost what CloudWatch takes for them.

## References
- [Amazon API Gateway dimensions and metrics](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Route, Stage
from stockade.model.intent import Fix, Set
from stockade.model.value import NO
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._elsewhere import may_be_elsewhere
from stockade.rules.exposure._shared import is_http, method_setting, stage_name, stage_place, stages


@rule(
    "SK164",
    "stage-without-metrics",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["INVK-6"],
    maps={"cwe": [778]},
    aliases=["081069cb", "5d3c1807", "AC_AWS_0007", "detailedCloudWatchMetrics"],
    applies="is behind no stage of a REST API or WebSocket API",
    holds="each method is measured",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage for its metrics."""
    del ctx
    for stage in stages(app):
        if is_http(stage):
            continue
        single = _single(app, stage)
        yield from found(
            NO if single else ~stage.metrics.is_true(),
            subject=stage,
            at=stage.settings_at or stage_place(stage),
            message=f"{stage_name(stage)} measures no method by itself",
            help=f"turn the metrics of all methods on: {_setting(stage)}",
            fix=Fix.safe("turn metrics on", Set(stage, "metrics", value=True)),
            passes="its one method has the stage's number" if single else "",
        )


def _setting(stage: Stage) -> str:
    """What to write, in the words of the format."""
    return method_setting(
        stage,
        "`MetricsEnabled: true`",
        "`DetailedMetricsEnabled: true`",
        "`metrics_enabled = true`",
        "`detailed_metrics_enabled = true`",
        "`apiGateway.metrics` of the provider"
        if stage.api is None or stage.api.protocol == "REST"
        else "`DetailedMetricsEnabled: true` in its `DefaultRouteSettings` (under `resources.extensions`)",
    )


def _single(app: App, stage: Stage) -> bool:
    """Whether all of the API is known, and it has one method beside those that answer preflight requests."""
    api = stage.api
    if api is None or not api.routes.complete or not may_be_elsewhere(app, api, Route).is_no:
        return False
    asked = [route for route in api.routes if not route.method.matches("(?i)options").is_yes]
    # A method for any is as many as there are.
    return len(asked) == 1 and asked[0].method.matches("(?i)any").is_no and not api.definition.is_set().is_yes
