"""A secret in plain text in a variable of a stage.

## What it does
Reports values of an API's stage variables that look like secrets, by their form or by their name.

## Why is this bad?
Everybody who may look at the stage reads its variables, CloudTrail keeps them, and they go into access logs and
integrations as they are.

## When it is fine
For values that only look like secrets: ignore the finding with a reason.

## Example
```yaml bad
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: prod, Variables: {DB_PASSWORD: Tk4vW9qzR2mXy7Lp}}
```
```yaml good
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: prod, Variables: {TABLE: orders}}
```
```hcl bad
resource "aws_api_gateway_rest_api" "orders" { name = "orders" }
resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  deployment_id = "a1b2c3"
  stage_name    = "prod"
  variables     = { DB_PASSWORD = "Tk4vW9qzR2mXy7Lp" }
}
```
```hcl good
resource "aws_api_gateway_rest_api" "orders" { name = "orders" }
resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  deployment_id = "a1b2c3"
  stage_name    = "prod"
  variables     = { TABLE = "orders" }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
    Stage:
      Type: AWS::ApiGateway::Stage
      Properties: {RestApiId: !Ref Api, StageName: prod, Variables: {DB_PASSWORD: Tk4vW9qzR2mXy7Lp}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
    Stage:
      Type: AWS::ApiGateway::Stage
      Properties: {RestApiId: !Ref Api, StageName: prod, Variables: {TABLE: orders}}
```

## Fix safety
Advice only: the secret has to be changed, and read from Secrets Manager where it is needed.

## References
- [Stage variables](https://docs.aws.amazon.com/apigateway/latest/developerguide/stage-variables.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Stage
from stockade.model.intent import Fix
from stockade.model.sensitive import plain_secrets
from stockade.model.value import NO, given
from stockade.rules._base import HIGH, Context, Outcome, found, rule
from stockade.rules.secrets._shared import severity_of, thing

_FIX = Fix.advice(
    "keep the secret in Secrets Manager",
    why="whoever has seen the code has seen the secret, so that it must be changed as well",
)


@rule(
    "SK320",
    "secret-in-stage-variable",
    severity=HIGH,
    since="0.1",
    controls=["SECR-1"],
    maps={"cwe": [312, 798]},
    aliases=["apigateway_restapi_no_secrets_in_stage_variables"],
    applies="is behind no API of the scanned code",
    holds="no variable of its API's stages holds a secret",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at the variables of every stage."""
    del ctx
    for stage in app.of(Stage):
        clean = True
        for variable in stage.variables:
            for plain in plain_secrets(variable.name, variable.value):
                clean = False
                yield from found(
                    given(variable.exists, plain.answer),
                    subject=stage,
                    at=plain.leaf,
                    severity=severity_of(plain),
                    confidence=plain.hit.confidence,
                    message=f"the variable `{variable.name}` of `{stage}` holds {thing(plain)}",
                    help="let the function read it from Secrets Manager, and change it",
                    fix=_FIX,
                    evidence=variable.name,
                )
        if clean:
            yield from found(NO, subject=stage, message="")
