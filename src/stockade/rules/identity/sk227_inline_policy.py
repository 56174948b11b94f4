"""A policy that stands in a role.

## What it does
Reports inline policies of execution roles, also those that a framework makes of statements. For pedantic readers, since
AWS Config and others ask for managed policies.

## Why is this bad?
An inline policy has no versions, so that nobody can go back to the last one, and can't be reviewed or found apart from
its role.

## When it is fine
For permissions that one function alone needs: an inline policy goes when its role goes. The Serverless Framework writes one
into each role that it makes, whatever managed policies are named for it; only a role of your own can do without.

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
        - PolicyName: queue
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:111122223333:q"}]
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
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
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
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }]
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
          - PolicyName: queue
            PolicyDocument:
              Version: "2012-10-17"
              Statement: [{Effect: Allow, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:111122223333:q"}]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler, role: Role}
resources:
  Resources:
    Role:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Version: "2012-10-17"
          Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
        ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
```

## Fix safety
Advice only: a managed policy may be attached to other roles as well.

## References
- [Managed policies and inline policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import YES, any_of, given
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.identity._roles import APPLIES, elsewhere, has, survey, who

_HELP = "make a managed policy of it, and attach that"
# https://www.serverless.com/framework/docs/providers/aws/guide/iam (as of 2026-11-28)
_OF_FRAMEWORK = (
    "the framework writes one into each role that it makes, for the logs: write a role of your own under `resources`, "
    "with managed policies, and name it in `iam.role`"
)


@rule(
    "SK227",
    "inline-policy",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["ROLE-6"],
    aliases=["IAM_NO_INLINE_POLICY_CHECK", "IAMNoInlinePolicy", "iam-no-inline-policy-check"],
    applies=APPLIES,
    holds="its role has no inline policy",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every execution role that somebody has written for its inline policies."""
    del ctx
    for role in survey(app).roles:
        inline = [policy for policy in role.policies if policy.form in {"inline", "template"}]
        yield from found(
            any_of(given(policy.exists, YES) for policy in inline),
            subject=role,
            at=inline[0] if inline else role,
            message=f"{who(role.functions, (role,))} {has(role.functions)} {_count(len(inline))}",
            help=by_format(role, _HELP, _HELP, _OF_FRAMEWORK),
            fix=Fix.advice(
                by_format(role, "make a managed policy of it", "make a managed policy of it", _OF_FRAMEWORK)
            ),
        )
    yield from elsewhere(app, "has a role with an inline policy")


def _count(policies: int) -> str:
    return "an inline policy" if policies == 1 else f"{policies} inline policies"
