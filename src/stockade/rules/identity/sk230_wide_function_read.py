"""A role that may read the configuration of every function.

## What it does
Reports execution roles that allow `lambda:GetFunction` or `lambda:GetFunctionConfiguration` on all functions. For
pedantic readers.

## Why is this bad?
Both give away the environment of every function of the account, and what is secret in it; the former also an address at
which the code can be fetched. Who runs code in one function reads all of them.

## When it is fine
For functions that take stock of an account or watch over it.

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
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
      Policies:
        - PolicyName: look
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: "lambda:GetFunction", Resource: "*"}]
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
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
      Policies:
        - PolicyName: look
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: "lambda:GetFunction", Resource: "arn:aws:lambda:*:*:function:orders"}]
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
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
    Statement = [{ Effect = "Allow", Action = "lambda:GetFunction", Resource = "*" }]
  })
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
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
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    role: Role
resources:
  Resources:
    Role:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Version: "2012-10-17"
          Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
        Policies:
          - PolicyName: look
            PolicyDocument:
              Version: "2012-10-17"
              Statement: [{Effect: Allow, Action: "lambda:GetFunction", Resource: "*"}]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only: which functions are meant is yours to say.

## References
- [GetFunction](https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.allows import may_call
from stockade.iam.statements import Concern
from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import any_of
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules.identity._roles import APPLIES, elsewhere, survey, who

_READS = ("lambda:GetFunction", "lambda:GetFunctionConfiguration")
_CAUSES: dict[Concern, str] = {"star-action": "SK203", "service-wildcard": "SK204", "not-element": "SK216"}


@rule(
    "SK230",
    "wide-function-read",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["ROLE-3"],
    maps={"cwe": [200, 732]},
    aliases=["CTL.LAMBDA.LIST.RESTRICT.001"],
    applies=APPLIES,
    holds="its role reads the configuration of named functions only",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every execution role whether it reads the configuration of all functions."""
    del ctx
    told = _told(app)
    for role in survey(app).roles:
        yield from found(
            any_of(may_call(app, role, action, widely=True) for action in _READS),
            subject=role,
            at=role,
            message=f"{who(role.functions, (role,))} may read the environment of every function of the account",
            help="name the functions that it needs to know about",
            fix=Fix.advice("name the functions"),
            told=told.get(id(role), ""),
        )
    yield from elsewhere(app, "may read the configuration of every function")


def _told(app: App) -> dict[int, str]:
    """By the `id()` of a role, the rule that tells of the wildcard or AWS's policy which takes this in."""
    told: dict[int, str] = {}
    for role, one in survey(app).attached:
        admin = one.policy is not None and one.policy.kind in {"admin", "power"}
        if admin or one.is_full_access:
            told.setdefault(id(role), "SK201" if admin else "SK202")
    for concern, code in _CAUSES.items():
        for fault in survey(app).faults.get(concern, ()):
            for role in fault.roles:
                told.setdefault(id(role), code)
    return told
