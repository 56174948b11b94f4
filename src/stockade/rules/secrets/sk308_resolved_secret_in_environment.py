"""A secret that deploying copies into the environment.

## What it does
Reports environment variables with a dynamic reference to a secret (`{{resolve:secretsmanager:…}}`,
`{{resolve:ssm-secure:…}}`), and in a service of the Serverless Framework those with a variable that reads one (`${ssm:…}` of
Secrets Manager, or of a parameter whose name, or the name of the variable that it is put into, says that it is a secret).

## Why is this bad?
The reference is resolved when the stack is deployed or packaged, and the secret stands in plain text in the function's
configuration: everybody with `lambda:GetFunctionConfiguration` reads it, and no record says who did. It does not follow
a rotation, so that the function breaks at the first one.

## When it is fine
For a value that is not secret and only happens to be kept with secrets, such as a host name.

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
      Environment:
        Variables:
          DB_PASSWORD: "{{resolve:secretsmanager:orders/db:SecretString:password}}"
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
      Environment:
        Variables:
          DB_SECRET: orders/db
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: a.zip}
      Environment:
        Variables:
          DB_PASSWORD: "{{resolve:secretsmanager:orders/db:SecretString:password}}"
```
```hcl bad
data "aws_secretsmanager_secret_version" "db" { secret_id = "orders/db-password" }
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment {
    variables = { DB_PASSWORD = data.aws_secretsmanager_secret_version.db.secret_string }
  }
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment {
    variables = { DB_SECRET = "orders/db-password" }
  }
}
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders:
    handler: app.handler
    environment:
      DB_PASSWORD: ${ssm:/orders/db/password}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders:
    handler: app.handler
    environment:
      DB_PASSWORD_PARAMETER: /orders/db/password
```

## Fix safety
Advice only: the code has to fetch the secret, through a cache that lets go of it after some minutes.

## References
- [Retrieve secrets in Lambda functions](https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html)
- [Dynamic references](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.sensitive import may_be_secret, resolves_secret
from stockade.model.value import NO, given
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules.secrets._shared import hidden_part, runs, without_environment


@rule(
    "SK308",
    "resolved-secret-in-environment",
    severity=MEDIUM,
    since="0.1",
    controls=["SECR-2"],
    maps={"cwe": [312, 522]},
    aliases=["CTL.LAMBDA.SECRETS.NOTMANAGED.001"],
    applies="has no environment variables",
    holds="no secret is copied into the environment",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every environment variable whether a secret is resolved into it."""
    del ctx
    for run in runs(app):
        if len(run.environment) and run.environment.complete:
            yield from found(NO, subject=run, message="")
        for variable in run.environment:
            answer = resolves_secret(variable.value, variable.name) | may_be_secret(variable.name, variable.value)
            if answer.is_no:
                continue
            yield from found(
                given(variable.exists, answer),
                subject=run,
                at=variable.value,
                message=f"deploying copies a secret in plain text into `{variable.name}` of `{run}`",
                help="put the secret's name into the environment, and let the code fetch it through a cache",
                fix=Fix.advice("fetch the secret at run time"),
                evidence=variable.name,
            )
    yield from without_environment(app)
    yield from hidden_part(runs(app), "takes a secret when it is deployed")
