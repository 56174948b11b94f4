"""A GraphQL API that does not log.

## What it does
Reports AppSync APIs without logs, or whose fields are not logged at all.

## Why is this bad?
AppSync has a single path for everything, so that metrics say only that something failed. Which query it was, who sent
it and which resolver failed stands in the logs alone.

## When it is fine
Where the functions behind every field log what they are asked.

## Example
```yaml bad
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: orders, AuthenticationType: AWS_IAM}
```
```yaml good
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: orders, AuthenticationType: AWS_IAM,
      LogConfig: {CloudWatchLogsRoleArn: "arn:aws:iam::111122223333:role/logs", FieldLogLevel: ERROR}}
```
```hcl bad
resource "aws_appsync_graphql_api" "orders" {
  name                = "orders"
  authentication_type = "AWS_IAM"
}
```
```hcl good
resource "aws_appsync_graphql_api" "orders" {
  name                = "orders"
  authentication_type = "AWS_IAM"
  log_config {
    cloudwatch_logs_role_arn = "arn:aws:iam::111122223333:role/logs"
    field_log_level          = "ERROR"
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
    Api:
      Type: AWS::AppSync::GraphQLApi
      Properties: {Name: orders, AuthenticationType: AWS_IAM}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Api:
      Type: AWS::AppSync::GraphQLApi
      Properties: {Name: orders, AuthenticationType: AWS_IAM,
        LogConfig: {CloudWatchLogsRoleArn: "arn:aws:iam::111122223333:role/logs", FieldLogLevel: ERROR}}
```

## Fix safety
Advice only: a role is needed by which AppSync writes logs.

## References
- [Logs of AppSync](https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, GraphqlApi
from stockade.model.intent import Fix
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK730",
    "unlogged-graphql",
    severity=LOW,
    since="0.1",
    controls=["OBSV-7", "INVK-6"],
    maps={"aws-fsbp": ["AppSync.2"], "cwe": [778]},
    aliases=["CKV_AWS_193", "CKV_AWS_194", "AwsSolutions-ASC3", "appsync_field_level_logging_enabled"],
    applies="is behind no GraphQL API of the scanned code",
    holds="GraphQL APIs log which fields fail",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every GraphQL API for its logs."""
    del ctx
    for api in app.of(GraphqlApi):
        off = api.log_level.is_("NONE")
        yield from found(
            ~api.log_role.is_set() | off,
            subject=api,
            at=api.log_level if off.is_yes else api,
            message=f"the GraphQL API `{api}` does not log which fields fail, and for whom",
            help=f"set `{by_format(api, 'LogConfig', 'log_config', sam='Logging')}` with a role, and the level ERROR or ALL for "
            "fields",
            fix=Fix.advice("log what fails"),
        )
