"""A role that may read the configuration of every function.

## What it does
Reports AWS's policies of execution roles that allow `lambda:GetFunction` or `lambda:GetFunctionConfiguration` on all
functions, where they are attached. Where a statement does, or another rule tells of the same policy, that rule alone says
so (`star-resource`, `service-wide-resource`, those about wildcards, secrets and full access). For pedantic readers.

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
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AWSResilienceHubAsssessmentExecutionPolicy"]
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

resource "aws_iam_role_policy_attachment" "resilience" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:aws:iam::aws:policy/AWSResilienceHubAsssessmentExecutionPolicy"
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
        ManagedPolicyArns: ["arn:aws:iam::aws:policy/AWSResilienceHubAsssessmentExecutionPolicy"]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only: what the function calls is yours to say.

## References
- [GetFunction](https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import given, yes
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules.identity._roles import APPLIES, consequences, others, survey, teller, who

_READS = frozenset({"lambda:GetFunction", "lambda:GetFunctionConfiguration"})
_FINE = "its role may not read the configuration of every function"


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
    holds=_FINE,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every execution role whether it reads the configuration of all functions."""
    del ctx
    guilty: set[int] = set()
    yield from consequences(app, "function-read", guilty)
    for role, one in survey(app).attached:
        if teller(one) or not _READS & set(one.open_actions.get("configuration-read", ())):
            continue
        guilty.add(id(role))
        yield from found(
            given(one.when, yes(one.leaf.origin)),
            subject=role,
            at=one.leaf,
            message=f"{who(role.functions, (role,))} may read the environment of every function of the account "
            f"through `{one.name}`",
            help="grant what the function calls instead of the policy",
            fix=Fix.advice("grant what the function calls instead"),
            evidence=one.name,
        )
    yield from others(app, guilty, _FINE, ("function-read",))
