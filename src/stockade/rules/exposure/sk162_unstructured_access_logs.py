"""Access logs in which callers can write what looks like other fields.

## What it does
Reports stages of APIs whose access log is not JSON and holds what callers write as they like: the path
(`$context.path`), the user agent (`$context.identity.userAgent`), or why a body was refused
(`$context.error.validationErrorString`). For pedantic readers.

## Why is this bad?
In a line of words and blanks, what callers send can look like other fields, so that queries for one caller or one
path miss lines or find wrong ones.

## When it is fine
Where the tools that read the lines take such fields for what they are. The formats that API Gateway proposes (CLF, CSV,
XML) hold none of them, and are not reported.

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
        Format: '$context.requestId $context.identity.userAgent $context.status'
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
        Format: '{ "requestId": "$context.requestId", "agent": "$context.identity.userAgent" }'
```
```hcl bad
resource "aws_api_gateway_stage" "shop" {
  rest_api_id   = "abc"
  deployment_id = "d1"
  stage_name    = "prod"
  access_log_settings {
    destination_arn = "arn:aws:logs:eu-west-1:111122223333:log-group:shop"
    format          = "$context.requestId $context.identity.userAgent $context.status"
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
    format          = jsonencode({ requestId = "$context.requestId", agent = "$context.identity.userAgent" })
  }
}
```
```yaml bad
service: shop
provider:
  name: aws
  runtime: python3.13
  logs: {restApi: {format: 'id: $context.requestId, path: $context.path'}}
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
    restApi: {format: '{ "id": "$context.requestId", "path": "$context.path" }'}
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
from stockade.model.value import Value
from stockade.patterns import regex
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import join
from stockade.rules.exposure._shared import ACCESS_LOG_FORMAT, stage_name, stages

# What callers write as they like. A resource path or the key of a route is what the API declares.
_FIELD = regex(r"\$context\.(?:path|identity\.userAgent|error\.validationErrorString)(?!\w)")
_WRITTEN = rf".*{_FIELD.pattern}.*"


@rule(
    "SK162",
    "unstructured-access-logs",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["INVK-6", "OBSV-7"],
    maps={"cwe": [117]},
    aliases=["APIGWStructuredLogging", "WS2001", "StructuredLogging"],
    applies="is behind no stage with an access log",
    holds="the access log is JSON, or holds nothing that callers write as they like",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage with an access log for its format."""
    del ctx
    for stage in stages(app):
        line = stage.access_log_format
        if line.is_set().is_no:
            continue
        yield from found(
            line.is_set() & ~line.reads(r"\s*\{.*") & line.reads(_WRITTEN),
            subject=stage,
            at=line,
            message=f"what callers send ({_fields(line)}) can look like other fields in the access log of {stage_name(stage)}",
            help="write an object with a member for each field",
            fix=Fix.unsafe(
                "log each request as JSON",
                Set(stage, "access_log_format", ACCESS_LOG_FORMAT),
                why="whatever reads the lines has to read JSON",
            ),
        )


def _fields(line: Value[str]) -> str:
    return join(f"`{field}`" for field in _FIELD.findall(line.show())) or "if it is part of the line"
