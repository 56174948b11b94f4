"""Parts of an API that don't fit together.

## What it does
Reports stages whose deployment is of another API, routes whose authorizer is of another API or of another kind than the route
asks for (`CUSTOM` wants a function, `COGNITO_USER_POOLS` a user pool, `JWT` an issuer) or is not named at all, authorizers that
are to remember an answer for more than an hour, and REST APIs with neither a name nor a definition.

## Why is this bad?
API Gateway refuses it, and the deployment is rolled back.

## When it is fine
Never: it can't be deployed.

## Example
```yaml bad
Resources:
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Admin: {Type: AWS::ApiGateway::RestApi, Properties: {Name: admin}}
  Callers:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Admin
      Name: callers
      Type: TOKEN
      AuthorizerUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Check.Arn}/invocations
  Orders:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: GET
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Callers
      Integration: {Type: MOCK}
  Check: {Type: AWS::Lambda::Function, Properties: {Role: arn:aws:iam::111122223333:role/check}}
```
```yaml good
Resources:
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Admin: {Type: AWS::ApiGateway::RestApi, Properties: {Name: admin}}
  Callers:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Shop
      Name: callers
      Type: TOKEN
      AuthorizerUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Check.Arn}/invocations
  Orders:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: GET
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Callers
      Integration: {Type: MOCK}
  Check: {Type: AWS::Lambda::Function, Properties: {Role: arn:aws:iam::111122223333:role/check}}
```
```hcl bad
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }

resource "aws_api_gateway_authorizer" "callers" {
  name          = "callers"
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  type          = "COGNITO_USER_POOLS"
  provider_arns = ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a1b2c3d4e"]
}

resource "aws_api_gateway_method" "orders" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "GET"
  authorization = "CUSTOM"
  authorizer_id = aws_api_gateway_authorizer.callers.id
}
```
```hcl good
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }

resource "aws_api_gateway_authorizer" "callers" {
  name          = "callers"
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  type          = "COGNITO_USER_POOLS"
  provider_arns = ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a1b2c3d4e"]
}

resource "aws_api_gateway_method" "orders" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "GET"
  authorization = "COGNITO_USER_POOLS"
  authorizer_id = aws_api_gateway_authorizer.callers.id
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    Callers:
      Type: AWS::ApiGateway::Authorizer
      Properties:
        RestApiId: !Ref Shop
        Name: callers
        Type: TOKEN
        AuthorizerResultTtlInSeconds: 7200
        AuthorizerUri: arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/check/invocations
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    Callers:
      Type: AWS::ApiGateway::Authorizer
      Properties:
        RestApiId: !Ref Shop
        Name: callers
        Type: TOKEN
        AuthorizerResultTtlInSeconds: 3600
        AuthorizerUri: arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/check/invocations
```

## Fix safety
Advice only: which of the two parts is right is for the reader to say.

## References
- [Methods](https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html)
- [Authorizers](https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html)
- [Authorizers of HTTP APIs](https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html)
- [Stages](https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Authorizer, Resource, Route, Stage
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, Doubt, Tri, Value, When, given
from stockade.rules._base import MEDIUM, Context, Label, Outcome, found, rule

# By what a route asks for, the kinds of authorizers that can answer it.
_KINDS = {"CUSTOM": ("TOKEN", "REQUEST"), "COGNITO_USER_POOLS": ("COGNITO_USER_POOLS",), "JWT": ("JWT",)}
# Types under which a route is written by itself, with everything that it asks for.
_WRITTEN = frozenset(
    {"AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route", "aws_api_gateway_method", "aws_apigatewayv2_route"}
)
_MOST_SECONDS = 3600
_FIX = Fix.advice("let both parts say the same")


@rule(
    "SK808",
    "mismatched-api-part",
    severity=MEDIUM,
    since="0.1",
    controls=["DELV-2"],
    aliases=["E3698", "E3699", "E3708", "E3718", "E3660"],
    applies="is behind no API",
    holds="the parts of its APIs fit together",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Compare stages with deployments, and routes with authorizers."""
    del ctx
    for api in app.apis:
        named = api.body or api.type != "AWS::ApiGateway::RestApi"  # elsewhere it has one in any case
        yield from _one(
            api,
            NO if named else ~api.name.is_set(),
            f"the REST API `{api}` has neither a name nor a definition",
            "name it",
        )
    for stage in app.of(Stage):
        if stage.deployed_api.is_set().truth != "no":
            yield from _one(
                stage,
                _differ(stage.api_id, stage.deployed_api),
                f"the stage `{stage}` is of another API than the deployment that it names",
                "name the API of the deployment in both",
                at=stage.api_id,
            )
    for authorizer in app.of(Authorizer):
        yield from _one(
            authorizer,
            authorizer.ttl.at_least(_MOST_SECONDS + 1),
            f"the authorizer `{authorizer}` is to remember an answer for {authorizer.ttl.show()} seconds, of at most 3600",
            "write 3600 or less",
            at=authorizer.ttl,
        )
    for route in app.of(Route):
        if route.type in _WRITTEN:
            yield from _route(app, route)


def _route(app: App, route: Route) -> Iterator[Outcome]:
    asks = route.authorization.one_of(*_KINDS)
    yield from _one(
        route,
        asks & ~route.authorizer.is_set(),
        f"the route `{route}` asks for an authorizer, and names none",
        "name one, or ask for none",
        at=route.authorization,
        evidence="none",
    )
    for when, reference in route.authorizer.references():
        authorizer = app.get(reference.target)
        if not isinstance(authorizer, Authorizer):
            continue
        yield from _one(
            route,
            given(when, _differ(route.api_id, authorizer.api_id)),
            f"the route `{route}` and its authorizer `{authorizer}` are of different APIs",
            "name an authorizer of the same API",
            at=route.authorizer,
            other=authorizer,
            evidence="api",
        )
        for word, kinds in _KINDS.items():
            wrong = authorizer.form.is_set() & ~authorizer.form.one_of(*kinds)
            yield from _one(
                route,
                given(when, route.authorization.is_(word) & wrong),
                f"the route `{route}` asks for `{word}`, and its authorizer `{authorizer}` is of the kind"
                f" `{authorizer.form.show()}`",
                f"ask for what the authorizer does, or name one of the kind {' or '.join(kinds)}",
                at=route.authorization,
                other=authorizer,
                evidence="kind",
            )


def _one(
    subject: Resource,
    answer: Tri,
    message: str,
    help_: str,
    *,
    at: Value[object] | None = None,
    other: Resource | None = None,
    evidence: str = "",
) -> Iterator[Outcome]:
    related = () if other is None else (Label(other.origin, f"`{other}` is declared here"),)
    yield from found(
        answer, subject=subject, at=at, message=message, help=help_, fix=_FIX, related=related, evidence=evidence
    )


def _differ(one: Value[str], other: Value[str]) -> Tri:
    """Whether two values name different APIs; two references to one thing, and two equal texts, name the same."""
    answer = NO
    for when, name in _names(one):
        for inner, another in _names(other):
            both = NO if name == another else YES if name[0] == another[0] != "" else _unsure(one, other)
            answer |= given(when, given(inner, both))
    return answer


def _names(value: Value[str]) -> Iterator[tuple[When, tuple[str, str]]]:
    for when, leaf in value.leaves():
        targets = [reference.target for _, reference in leaf.references()]
        text = leaf.only()
        if len(targets) == 1:
            yield when, ("reference", targets[0])
        elif text is not None:
            yield when, ("text", str(text))
        else:
            yield when, ("", leaf.show())


def _unsure(one: Value[str], other: Value[str]) -> Tri:
    doubt = Doubt(f"whether `{one.show()}` and `{other.show()}` are one API is not known", cause="reference")
    return Tri("maybe", (one.origin,), (doubt,))
