"""An API whose policy lets in every account, or every network.

## What it does
Reports policies of REST APIs that let in everybody, where that opens something: routes that ask for IAM, which
callers of every AWS account then pass, and private APIs, which every VPC endpoint of every account then reaches.
Conditions and denials are counted. Routes that ask for nothing are told by `open-api-route`; routes with an
authorizer ask who calls anyhow.

## Why is this bad?
With AWS_IAM a route takes every signature of AWS, and the policy decides whose. A policy for `*` says that the
caller's own account decides, which for a stranger is the stranger. And private means only that the API is reached
from some VPC, not that it is yours.

## When it is fine
With a condition on the organisation, the VPC or the VPC endpoint; such policies are not reported.

## Example
```yaml bad
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: orders
      Policy:
        Statement:
          - Effect: Allow
            Action: execute-api:Invoke
            Resource: "*"
            Principal: "*"
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: AWS, IntegrationHttpMethod: POST, Uri: "arn:aws:apigateway:eu-west-1:sqs:path/1/orders"}
```
```yaml good
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: orders
      Policy:
        Statement:
          - Effect: Allow
            Action: execute-api:Invoke
            Resource: "*"
            Principal: "*"
            Condition: {StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: AWS, IntegrationHttpMethod: POST, Uri: "arn:aws:apigateway:eu-west-1:sqs:path/1/orders"}
```
```hcl bad
resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration { types = ["PRIVATE"] }
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "execute-api:Invoke"
      Resource  = "*"
      Principal = "*"
    }]
  })
}
```
```hcl good
resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration { types = ["PRIVATE"] }
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "execute-api:Invoke"
      Resource  = "*"
      Principal = "*"
      Condition = { StringEquals = { "aws:SourceVpce" = "vpce-0123456789abcdef0" } }
    }]
  })
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
      Type: AWS::ApiGateway::RestApi
      Properties:
        Name: orders
        Policy:
          Statement:
            - Effect: Allow
              Action: execute-api:Invoke
              Resource: "*"
              Principal: "*"
    Method:
      Type: AWS::ApiGateway::Method
      Properties:
        RestApiId: !Ref Api
        ResourceId: !GetAtt Api.RootResourceId
        HttpMethod: GET
        AuthorizationType: AWS_IAM
        Integration: {Type: AWS, IntegrationHttpMethod: POST, Uri: "arn:aws:apigateway:eu-west-1:sqs:path/1/orders"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Api:
      Type: AWS::ApiGateway::RestApi
      Properties:
        Name: orders
        Policy:
          Statement:
            - Effect: Allow
              Action: execute-api:Invoke
              Resource: "*"
              Principal: "*"
              Condition: {StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}
    Method:
      Type: AWS::ApiGateway::Method
      Properties:
        RestApiId: !Ref Api
        ResourceId: !GetAtt Api.RootResourceId
        HttpMethod: GET
        AuthorizationType: AWS_IAM
        Integration: {Type: AWS, IntegrationHttpMethod: POST, Uri: "arn:aws:apigateway:eu-west-1:sqs:path/1/orders"}
```

## Fix safety
Advice only: who has to be let in is not written anywhere.

## References
- [How a policy and authorization decide together](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html)
- [Policies of private APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.opened import public_statements
from stockade.model.app import Api, App
from stockade.model.intent import Fix
from stockade.model.value import NO, any_of, given
from stockade.rules._base import HIGH, MEDIUM, Context, Outcome, found, rule


@rule(
    "SK148",
    "public-api-policy",
    severity=HIGH,
    since="0.1",
    controls=["INVK-2", "INVK-6"],
    maps={"cwe": [284, 732]},
    aliases=["b161c11b"],
    applies="is behind no REST API with a policy",
    holds="the policies of its APIs name who may call",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the policies of REST APIs for everybody."""
    del ctx
    for api in app.apis:
        asked = False
        for statement, everybody, at in public_statements(app, api, api.policy):
            asked = True
            private = api.endpoint_type.is_("PRIVATE")
            by_iam = any_of(given(route.exists, route.authorization.is_("AWS_IAM")) for route in api.routes)
            yield from found(
                everybody & (private | by_iam),
                subject=api,
                at=at,
                severity=MEDIUM if private.is_yes else HIGH,
                message=f"the policy of `{api}` lets in {_whom(api, private=private.is_yes)}",
                help="name the accounts, or add a condition on aws:SourceVpce"
                if private.is_yes
                else "name the accounts or roles, or add the condition StringEquals aws:PrincipalOrgID",
                fix=Fix.advice("name in the policy who may call"),
                evidence=statement.sid.show() if statement.sid is not None else "everybody",
                passes="what it opens is not decided by the policy alone",
            )
        if not asked and len(api.policy):
            yield from found(NO, subject=api, message="")


def _whom(api: Api, *, private: bool) -> str:
    if private:
        return "the VPC endpoints of every account"
    return "every AWS account wherever its routes ask for IAM" if len(api.routes) else "every AWS account"
