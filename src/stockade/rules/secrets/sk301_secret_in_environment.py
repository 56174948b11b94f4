"""A secret in plain text in a function's environment.

## What it does
Reports environment variables of functions, web functions and images of MicroVMs (whose snapshot keeps them) whose value, or whose
parameter's default, is a secret: a token of a known form (its checksum is tried where it has one), a private key, a
password in a URL, or a value that its name says is one. What refers to secrets, placeholders, ids, hashes, hosts and paths
are not meant. The confidence says how sure that is.

## Why is this bad?
The template is in version control, in the deployment bucket, and in CloudFormation's history. In the running function
everybody with `lambda:GetFunctionConfiguration` reads it, and every dependency, and each crash report that dumps the
environment. What was once committed has to be changed, not only moved.

## When it is fine
For keys that are public by design (a publishable key of a payment provider, a client id).

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
          DATABASE_URL: "postgres://orders:Tk4-vW9q.zR2m@db.example.com/orders"
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
          DATABASE_SECRET: !Ref Db
  Db:
    Type: AWS::SecretsManager::Secret
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
          DATABASE_URL: "postgres://orders:Tk4-vW9q.zR2m@db.example.com/orders"
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment {
    variables = { DATABASE_URL = "postgres://orders:Tk4-vW9q.zR2m@db.example.com/orders" }
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
    variables = { DATABASE_SECRET = aws_secretsmanager_secret.db.arn }
  }
}
resource "aws_secretsmanager_secret" "db" { name = "orders/db" }
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
      DATABASE_URL: "postgres://orders:Tk4-vW9q.zR2m@db.example.com/orders"
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
      DATABASE_SECRET: !Ref Db
resources:
  Resources:
    Db: {Type: AWS::SecretsManager::Secret}
```

## Fix safety
Advice only: the secret has to be changed where it is used, and the code has to fetch the new one.

## References
- [Retrieve secrets in Lambda functions](https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html)
- [Securing Lambda environment variables](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.sensitive import is_documented_example, may_be_secret
from stockade.model.value import NO, any_of, given
from stockade.rules._base import HIGH, Context, Outcome, found, rule
from stockade.rules._words import join
from stockade.rules.secrets._shared import hidden_part, runs, secrets_in, severity_of, thing, without_environment


@rule(
    "SK301",
    "secret-in-environment",
    severity=HIGH,
    since="0.1",
    controls=["SECR-1"],
    maps={"cwe": [312, 798]},
    aliases=[
        "CKV_AWS_45",
        "1402afd8",
        "2564172f",
        "aws-lambda-environment-credentials",
        "awslambda_function_no_secrets_in_variables",
        "A.3",
        "CTL.LAMBDA.ENV.SECRETS.001",
    ],
    applies="has no environment variables",
    holds="no environment variable holds a secret in plain text",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at every value that an environment variable may have."""
    del ctx
    for run in runs(app):
        clean = True
        for variable, plain in secrets_in(run):
            clean = False
            yield from found(
                given(variable.exists, plain.answer),
                subject=run,
                at=plain.leaf,
                severity=severity_of(plain),
                confidence=plain.hit.confidence,
                message=f"the environment of `{run}` holds {thing(plain)} in plain text in `{variable.name}`"
                + (f", by the {plain.default.what}" if plain.default is not None else ""),
                help="change the secret, keep it in Secrets Manager, and let the code fetch it by its name",
                fix=Fix.advice(
                    "keep the secret in Secrets Manager and fetch it at run time",
                    why="whoever has seen the code has seen the secret, so that it must be changed as well",
                ),
                evidence=variable.name,
            )
        unknown = [may_be_secret(v.name, v.value, written=True) for v in run.environment]
        if clean and any(not answer.is_no for answer in unknown):
            clean = False
            yield from found(
                any_of(unknown),
                subject=run,
                message=f"the environment of `{run}` may hold a secret in plain text",
                help="keep secrets in Secrets Manager, and let the code fetch them by their names",
                fix=Fix.advice("keep secrets in Secrets Manager and fetch them at run time"),
                evidence="unknown",
            )
        if clean and len(run.environment) and run.environment.complete:
            shown = [f"`{v.name}`" for v in run.environment if is_documented_example(v.value)]
            why = (
                f"{join(shown)} hold{'s' if len(shown) == 1 else ''} the example of AWS's documentation"
                if shown
                else ""
            )
            yield from found(NO, subject=run, message="", passes=f"{why}, which opens nothing" if why else "")
    yield from without_environment(app)
    yield from hidden_part(runs(app), "holds a secret in plain text")
