"""A public API without a web application firewall in front of it.

## What it does
Reports stages of REST APIs that are not private and have no web ACL, unless the API stands behind a CloudFront
distribution that has one; and GraphQL APIs of AppSync likewise. HTTP and WebSocket APIs can't have a web ACL and are
left out.

## Why is this bad?
A web ACL stops known attack patterns, bad addresses and floods before they reach, and bill, your functions. Without
one each handler meets the internet alone.

## When it is fine
For APIs that only your own signed callers use, or small ones whose throttling is enough: a web ACL has a monthly
price.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod, EndpointConfiguration: {Type: PRIVATE}}
```
```yaml bad
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: prod}}
```
```yaml good
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: prod}}
  Shield:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      WebACLArn: arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/1
      ResourceArn: !Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Prod}
```
```hcl bad
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }

resource "aws_api_gateway_deployment" "shop" { rest_api_id = aws_api_gateway_rest_api.shop.id }

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  deployment_id = aws_api_gateway_deployment.shop.id
  stage_name    = "prod"
}
```
```hcl good
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }

resource "aws_api_gateway_deployment" "shop" { rest_api_id = aws_api_gateway_rest_api.shop.id }

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  deployment_id = aws_api_gateway_deployment.shop.id
  stage_name    = "prod"
}

resource "aws_wafv2_web_acl_association" "shop" {
  resource_arn = aws_api_gateway_stage.prod.arn
  web_acl_arn  = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/1"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - http: {method: post, path: orders}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - http: {method: post, path: orders}
resources:
  Resources:
    Shield:
      Type: AWS::WAFv2::WebACLAssociation
      Properties:
        WebACLArn: arn:aws:wafv2:us-east-1:111122223333:regional/webacl/shop/1
        ResourceArn: !Sub arn:aws:apigateway:${AWS::Region}::/restapis/${ApiGatewayRestApi}/stages/dev
```

## Fix safety
Advice only: which rules the web ACL needs is a decision, and it costs money.

## References
- [Use AWS WAF to protect REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Api, App, Distribution, GraphqlApi, Stage, WebAclAssociation
from stockade.model.intent import Fix
from stockade.model.value import Tri, any_of, given, maybe
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._elsewhere import may_be_elsewhere
from stockade.rules.exposure._shared import stage_name, stage_place, stages


@rule(
    "SK115",
    "public-api-without-waf",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["INVK-6"],
    maps={"aws-fsbp": ["APIGateway.4"]},
    aliases=["CKV2_AWS_29", "CKV2_AWS_33", "AwsSolutions-APIG3", "a186e82c", "fcbf9019", "wafEnabled"],
    applies="is behind no stage of a public REST API, and no public GraphQL API",
    holds="a web ACL stands in front of the API",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stage of a public REST API, and every GraphQL API, for its web ACL."""
    del ctx
    for stage in stages(app):
        api = stage.api
        if api is None or api.protocol != "REST" or api.endpoint_type.is_("PRIVATE").is_yes:
            continue
        yield from found(
            ~api.endpoint_type.is_("PRIVATE") & _unprotected(app, stage) & ~_behind_distribution(app, api),
            subject=stage,
            at=stage_place(stage),
            message=f"no web ACL stands in front of {stage_name(stage)}",
            help="associate a regional web ACL with the stage",
            fix=Fix.advice("associate a web ACL with the managed common and rate rules"),
        )
    yield from _of_graphql(app)


def _of_graphql(app: App) -> Iterator[Outcome]:
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
            ~api.visibility.is_("PRIVATE") & ~(named | other) & ~may_be_elsewhere(app, api, WebAclAssociation),
            subject=api,
            at=api,
            message=f"no web ACL stands in front of the GraphQL API `{api}`",
            help="associate a regional web ACL with the API",
            fix=Fix.advice("associate a web ACL with the managed common and rate rules"),
        )


def _unprotected(app: App, stage: Stage) -> Tri:
    """Whether no web ACL stands before a stage; MAYBE where a plugin, or what was not read, may put one there."""
    unread = any_of(may_be_elsewhere(app, each, WebAclAssociation) for each in (stage, *stage.functions))
    return stage.web_acls.is_empty() & ~unread


def _behind_distribution(app: App, api: Api) -> Tri:
    return any_of(
        distribution.web_acl.is_set()
        for distribution in app.of(Distribution)
        if any(ref.target == api.key for origin in distribution.origins for _, ref in origin.references())
    )
