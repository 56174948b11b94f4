"""Access logs that no machine can read for sure.

## What it does
Reports stages of APIs whose access log is not JSON. For pedantic readers.

## Why is this bad?
What callers send is part of the line. In a line of words and blanks they can write what looks like other fields, and
queries for one caller or one path miss lines or find wrong ones.

## When it is fine
Where the format is one that your tools read, such as CLF.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      AccessLogSetting:
        DestinationArn: arn:aws:logs:eu-west-1:111122223333:log-group:shop
        Format: '$context.requestId $context.identity.sourceIp'
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      AccessLogSetting:
        DestinationArn: arn:aws:logs:eu-west-1:111122223333:log-group:shop
        Format: '{ "requestId": "$context.requestId", "ip": "$context.identity.sourceIp" }'
```
```hcl bad
resource "aws_api_gateway_stage" "shop" {
  rest_api_id   = "abc"
  deployment_id = "d1"
  stage_name    = "prod"
  access_log_settings {
    destination_arn = "arn:aws:logs:eu-west-1:111122223333:log-group:shop"
    format          = "$context.requestId $context.identity.sourceIp"
  }
}
```
```hcl good
resource "aws_api_gateway_stage" "shop" {
  rest_api_id   = "abc"
  deployment_id = "d1"
  stage_name    = "prod"
  access_log_settings {
    destination_arn = "arn:aws:logs:eu-west-1:111122223333:log-group:shop"
    format          = jsonencode({ requestId = "$context.requestId", ip = "$context.identity.sourceIp" })
  }
}
```
```yaml bad
service: shop
provider:
  name: aws
  runtime: python3.13
  logs: {restApi: {format: 'requestId: $context.requestId'}}
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
  logs:
    restApi: {format: '{ "requestId": "$context.requestId" }'}
functions:
  orders:
    handler: app.handler
    events: [{http: GET /orders}]
```

## Fix safety
Unsafe: whatever reads the lines has to read JSON.

## References
- [Set up access logging](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-log-format.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix, Set
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules.exposure._shared import ACCESS_LOG_FORMAT, stage_name, stages


@rule(
    "SK162",
    "unstructured-access-logs",
    severity=INFO,
    persona="pedantic",
    since="0.2",
    controls=["INVK-6", "OBSV-7"],
    maps={"cwe": [117]},
    aliases=["APIGWStructuredLogging", "WS2001", "StructuredLogging"],
    applies="is behind no stage with an access log",
    holds="the access log is JSON",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage with an access log for its format."""
    del ctx
    for stage in stages(app):
        line = stage.access_log_format
        if line.is_set().is_no:
            continue
        yield from found(
            line.is_set() & ~line.reads(r"\s*\{.*"),
            subject=stage,
            at=line,
            message=f"the access log of {stage_name(stage)} is not JSON",
            help="write an object with a member for each field",
            fix=Fix.unsafe(
                "log each request as JSON",
                Set(stage, "access_log_format", ACCESS_LOG_FORMAT),
                why="whatever reads the lines has to read JSON",
            ),
        )
