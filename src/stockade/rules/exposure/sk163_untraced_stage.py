"""A stage that sends no traces to X-Ray.

## What it does
Reports stages of REST APIs without tracing. For pedantic readers. HTTP and WebSocket APIs can't be traced.

## Why is this bad?
A trace then begins in the function. How long the request waited before it, and which requests never got there, is not
in it.

## When it is fine
Where another tracer is in use.

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
      TracingEnabled: true
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
  xray_tracing_enabled = true
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
  tracing: {apiGateway: true}
functions:
  orders:
    handler: app.handler
    events: [{http: GET /orders}]
```

## Fix safety
Safe: tracing needs no permission in a role.

## References
- [Trace user requests to REST APIs using X-Ray](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix, Set
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import in_globals, is_http, is_v2, stage_name, stage_place, stages


@rule(
    "SK163",
    "untraced-stage",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["INVK-6"],
    maps={"aws-fsbp": ["APIGateway.3"], "cwe": [778]},
    aliases=[
        "CKV_AWS_73",
        "AWS-0003",
        "AWS-0111",
        "5813ef56",
        "4ab10c48",
        "c757c6a3",
        "434945e5",
        "APIGWXray",
        "WS2002",
        "AC_AWS_0015",
        "apigateway_restapi_tracing_enabled",
        "tracingEnabled",
        "APIGateway.3",
    ],
    applies="is behind no stage of a REST API",
    holds="the stage is traced",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage of a REST API for its tracing."""
    del ctx
    for stage in stages(app):
        if is_http(stage) or is_v2(stage):
            continue
        yield from found(
            ~stage.tracing.is_true(),
            subject=stage,
            at=stage_place(stage),
            message=f"{stage_name(stage)} sends no traces to X-Ray",
            help="turn tracing of the stage on: "
            + by_format(
                stage,
                f"`TracingEnabled: true`{in_globals(stage)}",
                "`xray_tracing_enabled`",
                "`tracing.apiGateway` of the provider",
            ),
            fix=Fix.safe("turn tracing on", Set(stage, "tracing", value=True)),
        )
