"""A GraphQL API that sends no traces to X-Ray.

## What it does
Reports AppSync APIs without tracing.

## Why is this bad?
A query fans out to many resolvers and functions. Without traces from AppSync, those of the functions are single
pieces.

## When it is fine
Where nobody looks at traces. Only the pedantic persona hears of it.

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
    Properties: {Name: orders, AuthenticationType: AWS_IAM, XrayEnabled: true}
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
  xray_enabled        = true
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
      Properties: {Name: orders, AuthenticationType: AWS_IAM, XrayEnabled: true}
```

## Fix safety
Safe: traces are added, and have a price.

## References
- [X-Ray and AppSync](https://docs.aws.amazon.com/appsync/latest/devguide/x-ray-tracing.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, GraphqlApi
from stockade.model.intent import Fix, Set
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK731",
    "untraced-graphql",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["OBSV-1"],
    aliases=["AppSyncTracing", "WS3000"],
    applies="is behind no GraphQL API of the scanned code",
    holds="GraphQL APIs send traces",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every GraphQL API whether it traces."""
    del ctx
    for api in app.of(GraphqlApi):
        yield from found(
            ~api.tracing.is_true(),
            subject=api,
            at=api if api.tracing.is_set().is_no else api.tracing,
            message=f"the GraphQL API `{api}` sends no traces to X-Ray",
            help=f"set `{by_format(api, 'XrayEnabled', 'xray_enabled')}` to true",
            fix=Fix.safe("trace the API", Set(api, "tracing", True)),  # noqa: FBT003 - the value to write
        )
