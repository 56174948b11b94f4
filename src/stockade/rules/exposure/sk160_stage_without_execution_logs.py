"""A stage that does not log what goes wrong in it.

## What it does
Reports stages of REST and WebSocket APIs whose execution logs are off. For pedantic readers. HTTP APIs have no such
logs.

## Why is this bad?
The access log says that a request was refused. Why, which authorizer refused it and what a mapping made of it, is in
the execution log only.

## When it is fine
Where the access log is enough: execution logs at the level INFO cost more than the API.

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
      MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", LoggingLevel: ERROR}]
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
    logging_level = "ERROR"
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
        MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", LoggingLevel: ERROR}]
```

## Fix safety
Unsafe: deploying it fails in an account whose API Gateway has no role for CloudWatch Logs yet, and where that is declared
beside the stage, if the stage comes first.

## References
- [Set up CloudWatch logging for REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Stage
from stockade.model.intent import Fix, Set
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import is_made
from stockade.rules.exposure._shared import (
    ACCOUNT_ROLE,
    is_http,
    method_setting,
    stage_name,
    stage_place,
    stages,
    wants_role,
)


@rule(
    "SK160",
    "stage-without-execution-logs",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["INVK-6"],
    maps={"aws-fsbp": ["APIGateway.1"], "cwe": [778]},
    aliases=[
        "CKV2_AWS_4",
        "982aa526",
        "API_GW_EXECUTION_LOGGING_ENABLED",
        "AwsSolutions-APIG6",
        "AC_AWS_0012",
        "apigateway_restapi_logging_enabled",
        "apigatewayCloudwatchLogs",
        "APIGateway.1",
    ],
    applies="is behind no stage of a REST API or WebSocket API",
    holds="the stage logs errors",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage for its execution logs."""
    del ctx
    for stage in stages(app):
        if is_http(stage):
            continue
        yield from found(
            stage.execution_log_level.is_("OFF"),
            subject=stage,
            at=stage.settings_at or stage_place(stage),
            message=f"{stage_name(stage)} does not log what goes wrong in it",
            help=f"log errors: {_setting(stage)}",
            fix=_fix(app, stage),
        )


def _setting(stage: Stage) -> str:
    """What to write, in the words of the format."""
    return "set " + method_setting(
        stage,
        "`LoggingLevel: ERROR`",
        "`LoggingLevel: ERROR`",
        '`logging_level = "ERROR"`',
        '`logging_level = "ERROR"`',
        _in_the_framework(stage),
    )


def _in_the_framework(stage: Stage) -> str:
    """What to write for the Serverless Framework, which logs whole requests as well unless it is told not to."""
    rest = stage.api is None or stage.api.protocol == "REST"
    block = "restApi" if rest else "websocket"
    if not stage.execution_log_level.is_set().is_no:  # the block is there, and turns them off
        return f"`executionLogging: true`, `level: ERROR` and `fullExecutionData: false` in `logs.{block}` under `provider`"
    settings = f"`logs: {{{block}: {{level: ERROR, fullExecutionData: false}}}}` under `provider`"
    return f"{settings} (whole requests are logged too unless that is turned off){ACCOUNT_ROLE if rest else ''}"


def _fix(app: App, stage: Stage) -> Fix:
    intents: tuple[Set, ...] = (Set(stage, "execution_log_level", "ERROR"),)
    # The Serverless Framework logs whole requests as well, unless it is told not to.
    if is_made(stage) and stage.api is not None and stage.api.protocol == "REST":
        intents = (*intents, Set(stage, "data_trace", value=False))
    return Fix.unsafe(
        "log errors",
        *intents,
        why=wants_role(app),
    )
