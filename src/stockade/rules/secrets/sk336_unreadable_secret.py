"""A secret that a function is given and may not read.

## What it does
Reports functions whose environment names a secret of the scanned code, and whose role, which is wholly known, allows
`secretsmanager:GetSecretValue` on nothing.

## Why is this bad?
The function fails when it asks for the secret, mostly on its first call. What people then do in a hurry is to put the
secret itself into the environment, or to allow everything.

## When it is fine
Where the function only hands the name on, or takes another role to read the secret.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      Environment: {Variables: {TOKEN_SECRET: !Ref Secret}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 32}}}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      Environment: {Variables: {TOKEN_SECRET: !Ref Secret}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
      Policies:
        - PolicyName: secret
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: "secretsmanager:GetSecretValue", Resource: !Ref Secret}]
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 32}}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
  environment { variables = { TOKEN_SECRET = aws_secretsmanager_secret.token.arn } }
}

resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_secretsmanager_secret" "token" { name = "token" }
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
  environment { variables = { TOKEN_SECRET = aws_secretsmanager_secret.token.arn } }
}

resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.token.arn }]
  })
}

resource "aws_secretsmanager_secret" "token" { name = "token" }
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {TOKEN_SECRET: !Ref Secret}
resources:
  Resources:
    Secret: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 32}}}
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  iam: {role: {statements: [{Effect: Allow, Action: "secretsmanager:GetSecretValue", Resource: !Ref Secret}]}}
functions:
  orders:
    handler: app.handler
    environment: {TOKEN_SECRET: !Ref Secret}
resources:
  Resources:
    Secret: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 32}}}
```

## Fix safety
Advice only: which of the function's roles is to read the secret is yours to say.

## References
- [Using Secrets Manager in Lambda functions](https://docs.aws.amazon.com/lambda/latest/dg/with-secrets-manager.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EnvVar, Function, Secret
from stockade.model.intent import Fix
from stockade.model.value import Tri, any_of, given
from stockade.rules._base import MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules.secrets._shared import hidden_part, may_read

_READ = "secretsmanager:GetSecretValue"


@rule(
    "SK336",
    "unreadable-secret",
    severity=MEDIUM,
    confidence="medium",
    since="0.1",
    controls=["ROLE-8", "SECR-2"],
    aliases=["CTL.LAMBDA.SECRETS.BROKEN.REF.001"],
    applies="names no secret of the scanned code in its environment",
    holds="its role may read the secrets that its environment names",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the role of every function that is given a secret's name."""
    del ctx
    for function in app.functions:
        for variable, secret in _secrets(app, function):
            yield from found(
                given(variable.exists, ~_may_read(app, function)),
                subject=function,
                at=variable.value,
                message=f"`{function}` is given the secret `{secret}`, which its role does not allow it to read",
                help=f"allow `{_READ}` on that secret",
                fix=Fix.advice("allow the role to read the secret"),
                related=(Label(secret.origin, "the secret"),),
                evidence=variable.name,
            )
        later = [one for one in function.environment if _is_known_later(one)]
        if later:
            yield from found(
                any_of(one.value.where(lambda _: True) for one in later) & ~_may_read(app, function),
                subject=function,
                at=later[0].value,
                message=f"`{function}` is given a secret that its role does not allow it to read",
                evidence="later",
            )
    yield from hidden_part(
        app.functions, "names a secret that its role may not read", lambda function: ~_may_read(app, function)
    )


def _secrets(app: App, function: Function) -> Iterator[tuple[EnvVar, Secret]]:
    for variable in function.environment:
        for _, reference in variable.value.refers():
            secret = app.get(reference.target)
            if isinstance(secret, Secret):
                yield variable, secret


def _is_known_later(variable: EnvVar) -> bool:
    """Whether nothing is known of a variable before it is deployed, so that it may be the name of a secret."""
    return any(doubt.cause == "after apply" for doubt in variable.value.where(lambda _: True).doubts)


def _may_read(app: App, function: Function) -> Tri:
    return may_read(app, function, (_READ,), (secret for _, secret in _secrets(app, function)))
