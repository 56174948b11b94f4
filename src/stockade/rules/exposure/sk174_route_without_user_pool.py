"""A method of a REST API that lets callers in by something else than a Cognito user pool.

## What it does
Reports methods of REST APIs whose authorization is not a Cognito user pool; where none of an API has one, the API once.
For auditors: other tools' checklists ask for it. Methods that ask for nothing at all are a fault, which `open-api-route` tells.

## Why is this bad?
Whoever keeps users in several places has to take somebody out of all of them. A user pool has sign-in, second factors and
lists of who signed in ready, which a function of your own has to do by itself.

## When it is fine
Mostly: IAM authorization for what runs on AWS, and an authorizer function for tokens of another provider, are as good.
Preflight requests can't be authorized, and are not told.

## Example
```yaml bad
Resources:
  Get:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: abc, ResourceId: r1, HttpMethod: GET, AuthorizationType: AWS_IAM}
```
```yaml good
Resources:
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: abc
      ResourceId: r1
      HttpMethod: GET
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref Users
  Users:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      Name: users
      RestApiId: abc
      Type: COGNITO_USER_POOLS
      IdentitySource: method.request.header.Authorization
      ProviderARNs: [arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a]
```
```hcl bad
resource "aws_api_gateway_method" "get" {
  rest_api_id   = "abc"
  resource_id   = "r1"
  http_method   = "GET"
  authorization = "AWS_IAM"
}
```
```hcl good
resource "aws_api_gateway_method" "get" {
  rest_api_id   = "abc"
  resource_id   = "r1"
  http_method   = "GET"
  authorization = "COGNITO_USER_POOLS"
  authorizer_id = "u1"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - http: {method: GET, path: /orders, authorizer: aws_iam}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - http:
          method: GET
          path: /orders
          authorizer: {arn: "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a"}
```

## Fix safety
Advice only: the users have to be in a pool first, and every caller has to send its token.

## References
- [Cognito user pools as authorizer of REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Resource, Route
from stockade.rules._base import INFO, Context, Outcome, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._methods import without


@rule(
    "SK174",
    "route-without-user-pool",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["INVK-6"],
    aliases=["AwsSolutions-COG4"],
    applies="is behind no method of a REST API",
    holds="its methods let users of a Cognito user pool in",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every method of a REST API for its user pool, and tell of an API that has none once."""
    del ctx
    yield from without(
        app,
        lambda route: route.authorization.is_("COGNITO_USER_POOLS"),
        many="ask for no user of a Cognito user pool",
        one="asks for no user of a Cognito user pool",
        each="asks for none",
        words=_words,
        advice="make a user pool the authorizer",
        place=lambda route: route.authorization if route.authorization.is_set().is_yes else route,
    )


def _words(subject: Resource, _: Route) -> str:
    return by_format(
        subject,
        "if its users are in a user pool, make that the authorizer",
        "if its users are in a user pool, set `authorization` to COGNITO_USER_POOLS and name the authorizer",
        "if its users are in a user pool, set `arn` of the event's `authorizer` to the pool's",
    )
