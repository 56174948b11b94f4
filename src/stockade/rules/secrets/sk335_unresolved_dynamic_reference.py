"""A reference to a secret that is not resolved.

## What it does
Reports environment variables with a dynamic reference that CloudFormation refuses (`ssm-secure`, which it takes for few
properties, or one of no service that it knows), and in Terraform any dynamic reference, which it hands on as it is.

## Why is this bad?
The stack is refused; or, in Terraform, the function gets the text `{{resolve:…}}` for a secret.

## When it is fine
Never: the function does not get what it is meant to get.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Environment: {Variables: {TOKEN: "{{resolve:ssm-secure:/orders/token}}"}}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Environment: {Variables: {TABLE: "{{resolve:parameter:/orders/table}}"}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Environment: {Variables: {TABLE: "{{resolve:ssm:/orders/table}}"}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { TABLE = "{{resolve:ssm:/orders/table}}" } }
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { TABLE = data.aws_ssm_parameter.table.value } }
}
data "aws_ssm_parameter" "table" { name = "/orders/table" }
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {TOKEN: "{{resolve:ssm-secure:/orders/token}}"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {TABLE: "{{resolve:ssm:/orders/table}}"}
```

## Fix safety
Advice only: the function reads a secret better by itself.

## References
- [Dynamic references](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html)
- [SSM Parameter Store secure string](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EnvVar, Function
from stockade.model.intent import Fix
from stockade.model.places import is_terraform
from stockade.model.value import NO, Tri, given
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules.secrets._shared import hidden_part, without_environment

_REFUSED = r"\{\{resolve:(?!(?:ssm|secretsmanager):.).*"


@rule(
    "SK335",
    "unresolved-dynamic-reference",
    severity=MEDIUM,
    since="0.1",
    controls=["SECR-2"],
    aliases=["E1027", "E1050", "E1051", "E1052", "W1051", "W1053"],
    applies="has no environment variables",
    holds="every dynamic reference in its environment is resolved",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for dynamic references in every environment."""
    del ctx
    for function in app.functions:
        for variable in function.environment:
            yield from found(
                given(variable.exists, _is_unresolved(function, variable)),
                subject=function,
                at=variable.value,
                message=f"`{variable.name}` of `{function}` holds a dynamic reference that "
                + ("Terraform does not resolve" if is_terraform(function) else "CloudFormation refuses here"),
                help="put the name of the secret into the environment, and let the code fetch it",
                fix=Fix.advice("let the code fetch it"),
                evidence=variable.name,
            )
    yield from without_environment(app)
    yield from hidden_part(app.functions, "holds a dynamic reference that is not resolved")


def _is_unresolved(function: Function, variable: EnvVar) -> Tri:
    if not is_terraform(function):
        return variable.value.resolves(_REFUSED)
    written = variable.value.reads(r".*\{\{resolve:.*")
    return written if written.is_yes else NO
