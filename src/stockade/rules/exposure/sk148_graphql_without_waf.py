"""A public GraphQL API without a web application firewall.

## What it does
Reports AppSync APIs that are open to the internet and have no web ACL in the scanned code.

## Why is this bad?
One endpoint takes every query, so that a limit for each path does not exist; a web ACL limits the rate of each
address and blocks known attacks before resolvers and functions run.

## When it is fine
For an API that only your own services call, and where a web ACL is put in front by others.

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
    Properties: {Name: orders, AuthenticationType: AWS_IAM}
  Shield:
    Type: AWS::WAFv2::WebACLAssociation
    Properties: {ResourceArn: !GetAtt Api.Arn, WebACLArn: "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b"}
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
}
resource "aws_wafv2_web_acl_association" "orders" {
  resource_arn = aws_appsync_graphql_api.orders.arn
  web_acl_arn  = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b"
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
      Properties: {Name: orders, AuthenticationType: AWS_IAM}
    Shield:
      Type: AWS::WAFv2::WebACLAssociation
      Properties: {ResourceArn: !GetAtt Api.Arn, WebACLArn: "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b"}
```

## Fix safety
Advice only: which rules a web ACL needs is up to the API.

## References
- [WAF for AppSync](https://docs.aws.amazon.com/appsync/latest/devguide/WAF-Integration.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, GraphqlApi, WebAclAssociation
from stockade.model.intent import Fix
from stockade.model.value import any_of, given, maybe
from stockade.rules._base import LOW, Context, Outcome, found, rule


@rule(
    "SK148",
    "graphql-without-waf",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["INVK-6"],
    maps={"cwe": [770]},
    aliases=["CKV2_AWS_33"],
    applies="is behind no GraphQL API of the scanned code",
    holds="a web ACL is in front of GraphQL APIs",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every GraphQL API for a web ACL."""
    del ctx
    associations = app.of(WebAclAssociation)
    loose = [each for each in associations if not any(True for _ in each.target.references())]
    for api in app.of(GraphqlApi):
        named = any_of(
            given(when, given(each.exists, each.acl.is_set()))
            for each in associations
            for when, reference in each.target.references()
            if reference.target == api.key
        )
        other = any_of(maybe("a web ACL does not say what it is put on", each.origin) for each in loose)
        yield from found(
            ~api.visibility.is_("PRIVATE") & ~(named | other),
            subject=api,
            at=api,
            message=f"no web ACL is in front of the GraphQL API `{api}`",
            help="associate a web ACL with a rate limit and AWS's managed rules",
            fix=Fix.advice("associate a web ACL with the API"),
        )
