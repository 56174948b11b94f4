"""A GraphQL API that takes an API key for authentication.

## What it does
Reports AppSync APIs that anybody on the internet can call with an API key. Where the key is one way among several,
only the pedantic persona hears of it. Private APIs are not meant.

## Why is this bad?
An API key stands in every page and app that uses it, and is the same for all who do: it says which program calls at
best, and never who. Behind it, resolvers and functions act for a stranger.

## When it is fine
For data that is public anyway, with the fields that change something behind another way to authenticate.

## Example
```yaml bad
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: orders, AuthenticationType: API_KEY}
```
```yaml good
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: orders, AuthenticationType: AWS_IAM}
```
```hcl bad
resource "aws_appsync_graphql_api" "orders" {
  name                = "orders"
  authentication_type = "API_KEY"
}
```
```hcl good
resource "aws_appsync_graphql_api" "orders" {
  name                = "orders"
  authentication_type = "AWS_IAM"
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
      Properties: {Name: orders, AuthenticationType: API_KEY}
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
      Properties: {Name: orders, AuthenticationType: AWS_IAM}
```

## Fix safety
Advice only: every caller has to change with it.

## References
- [Authorization in AppSync](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, GraphqlApi
from stockade.model.intent import Fix
from stockade.model.value import YES, any_of
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule


@rule(
    "SK147",
    "api-key-graphql",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-6"],
    maps={"aws-fsbp": ["AppSync.5"], "cwe": [306, 287]},
    aliases=["appsync_graphql_api_no_api_key_authentication"],
    applies="is behind no GraphQL API of the scanned code",
    holds="GraphQL APIs ask who calls",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every GraphQL API how it authenticates."""
    del ctx
    for api in app.of(GraphqlApi):
        alone = not any_of(~way.is_("API_KEY") for way in api.auth).is_yes
        keyed = [way for way in api.auth if not way.is_("API_KEY").is_no]
        yield from found(
            api.auth.any(lambda way: way.is_("API_KEY")) & (YES & ~api.visibility.is_("PRIVATE")),
            subject=api,
            at=keyed[0] if keyed else api,
            severity=MEDIUM if alone else LOW,
            persona="regular" if alone else "pedantic",
            message=f"the GraphQL API `{api}` lets in everybody who has its API key"
            + ("" if alone else ", beside other ways to authenticate"),
            help="authenticate by AWS_IAM, a user pool or OpenID Connect, and leave the key to what is public",
            fix=Fix.advice("authenticate callers by IAM, a user pool or OpenID Connect"),
        )
