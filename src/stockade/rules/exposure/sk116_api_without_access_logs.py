"""A stage of an API that does not log who calls it.

## What it does
Reports stages of REST, HTTP and WebSocket APIs without an access log. A private API weighs less.

## Why is this bad?
When something has happened, the access log is what says who called, from where, as whom and with what result. API
Gateway refuses requests before they reach a function, so probing and refused credentials are in no other log.

## When it is fine
Where a CDN or proxy in front keeps the same log, and the API can't be called around it.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 90}}
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      AccessLogSettings: {DestinationArn: !GetAtt Log.Arn, Format: $context.requestId $context.identity.sourceIp}
```
```yaml bad
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: prod}}
```
```yaml good
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 90}}
  Prod:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      StageName: prod
      AccessLogSetting: {DestinationArn: !GetAtt Log.Arn, Format: $context.requestId $context.identity.sourceIp}
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

resource "aws_cloudwatch_log_group" "access" { retention_in_days = 90 }

resource "aws_apigatewayv2_stage" "prod" {
  api_id = aws_apigatewayv2_api.shop.id
  name   = "prod"

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = jsonencode({ id = "$context.requestId", ip = "$context.identity.sourceIp" })
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
provider:
  name: aws
  runtime: python3.13
  logs: {httpApi: true}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: GET /orders
```

## Fix safety
Unsafe for REST and WebSocket APIs: deploying it fails in an account whose API Gateway has no role for CloudWatch Logs
yet, and where that is declared beside the stage, if the stage comes first.

## References
- [CloudWatch logging for REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html)
- [Logging for HTTP APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, LogGroup, Stage
from stockade.model.intent import Fix, New, Set, To
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import (
    ACCESS_LOG_FORMAT,
    ACCOUNT_ROLE,
    in_globals,
    is_v2,
    stage_name,
    stage_place,
    stages,
    wants_role,
)


@rule(
    "SK116",
    "api-without-access-logs",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-6"],
    maps={"aws-fsbp": ["APIGateway.9"], "cwe": [778]},
    aliases=[
        "CKV_AWS_76",
        "CKV_AWS_95",
        "AWS-0001",
        "W46",
        "W69",
        "AwsSolutions-APIG1",
        "AWS-0113",
        "AWS-0116",
        "1b6799eb",
        "80d45af4",
        "625abc0e",
        "06ec63e3",
        "0a994e04",
        "a4d32883",
        "W45",
        "ES2000",
        "v2AccessLogging",
    ],
    applies="is behind no stage of an API",
    holds="the stage logs every request",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage for its access log."""
    del ctx
    for stage in stages(app):
        private = stage.api is not None and stage.api.endpoint_type.is_("PRIVATE").is_yes
        yield from found(
            ~stage.access_log.is_set(),
            subject=stage,
            at=stage_place(stage),
            severity=LOW if private else MEDIUM,
            message=f"{stage_name(stage)} keeps no access log",
            help=_help(stage),
            fix=_fix(app, stage),
        )


def _help(stage: Stage) -> str:
    """What to write, in the words of the format."""
    content = "with a log group as the destination, and a format with the caller's address and identity"
    key = "AccessLogSettings" if is_v2(stage) else "AccessLogSetting"
    words = f"`{key}`{in_globals(stage)} {content}"
    return f"set {by_format(stage, words, f'`access_log_settings` {content}', _in_the_framework(stage))}"


def _in_the_framework(stage: Stage) -> str:
    """What to write for the Serverless Framework, which logs whole requests as well unless it is told not to."""
    protocol = stage.api.protocol if stage.api is not None else ""
    if protocol == "HTTP":
        return "`logs: {httpApi: true}` under `provider`"
    block = {"REST": "restApi", "WEBSOCKET": "websocket"}.get(protocol, "")
    if not block:
        return ""
    if not stage.execution_log_level.is_set().is_no:  # the block is there, and turns these off
        return f"`accessLogging: true` in `logs.{block}` under `provider`"
    settings = f"`logs: {{{block}: {{executionLogging: false, fullExecutionData: false}}}}` under `provider`"
    return settings + (ACCOUNT_ROLE if protocol == "REST" else "")


def _fix(app: App, stage: Stage) -> Fix:
    group = New(LogGroup, "AccessLog", {"retention": 90}, stage)
    intents = (group, Set(stage, "access_log", To(group, "Arn")), Set(stage, "access_log_format", ACCESS_LOG_FORMAT))
    if stage.api is not None and stage.api.protocol == "HTTP":
        return Fix.safe("log requests to a new log group", *intents)
    return Fix.unsafe(
        "log requests to a new log group",
        *intents,
        why=wants_role(app),
    )
