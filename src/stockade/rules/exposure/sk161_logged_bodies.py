"""A stage that logs whole requests.

## What it does
Reports stages that log the data of requests and responses: headers, parameters, bodies.

## Why is this bad?
Tokens, passwords and personal data of everybody who calls the API are in the log then, for all who may read logs, for
as long as logs are kept. AWS advises against it in production.

## When it is fine
While a fault is searched for, in a stage that gets no real data. A stage of which every integration is a mock, which
nothing of yours answers, is of low severity.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", LoggingLevel: INFO, DataTraceEnabled: true}]
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", LoggingLevel: INFO}]
```
```hcl bad
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
    logging_level      = "INFO"
    data_trace_enabled = true
  }
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
    logging_level = "INFO"
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
        MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", LoggingLevel: INFO, DataTraceEnabled: true}]
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
        MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", LoggingLevel: INFO}]
```

## Fix safety
Safe: less is logged.

## References
- [Set up CloudWatch logging for REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Stage
from stockade.model.intent import Fix, Set
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules.exposure._shared import is_http, stage_name, stages


@rule(
    "SK161",
    "logged-bodies",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-6"],
    maps={"cwe": [532]},
    aliases=["CKV_AWS_276"],
    applies="is behind no stage of a REST API or WebSocket API",
    holds="no data of requests is logged",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage whether it logs data."""
    del ctx
    for stage in stages(app):
        if is_http(stage):
            continue
        yield from found(
            stage.data_trace.is_true() & ~stage.execution_log_level.is_("OFF"),
            subject=stage,
            at=stage.data_trace,
            severity=LOW if _only_mocks(stage) else None,
            message=f"{stage_name(stage)}{_there(stage)} logs whole requests and responses, with whatever is secret in them",
            help="log no data; log errors only",
            fix=Fix.safe("log no data", Set(stage, "data_trace", value=False)),
        )


def _only_mocks(stage: Stage) -> bool:
    """Whether each route is known to have a mock behind it: an integration that names nothing."""
    routes = stage.api.routes if stage.api is not None else None
    if routes is None or not len(routes) or not routes.complete:
        return False
    return all(route.function is None and route.integration.is_set().is_no for route in routes)


def _there(stage: Stage) -> str:
    """When there is such a stage, where that depends on something."""
    when = " and ".join(premise.text for premise in stage.exists)
    return f", which is there when {when}," if when else ""
