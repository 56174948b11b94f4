"""One role for several functions.

## What it does
Reports execution roles that more than one function of the application runs as, and names the functions. It is
medium where the functions differ in who invokes them, low where they are alike, and quiet where the role allows nothing
but what Lambda itself needs (logs, traces, network interfaces, polling).

## Why is this bad?
Each of the functions has the permissions of all. A hole in the one that faces the internet is a hole in what only the
nightly job should touch, and no permission can be taken away without looking at all of them.

## When it is fine
Versions of the same function under several names, with the same needs.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.orders, CodeUri: src/, Role: !GetAtt Role.Arn}
  Mailer:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.mailer, CodeUri: src/, Role: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
      Policies:
        - PolicyName: mail
          PolicyDocument:
            Statement: {Effect: Allow, Action: ses:SendEmail, Resource: !Ref Identity}
  Identity:
    Type: AWS::SES::EmailIdentity
    Properties: {EmailIdentity: a.example}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.orders, CodeUri: src/}
  Mailer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.mailer
      CodeUri: src/
      Policies:
        - SESCrudPolicy: {IdentityName: a.example}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.b, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Mailer:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: c.d, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess]
```
```hcl bad
resource "aws_lambda_function" "each" {
  for_each      = toset(["orders", "mailer"])
  function_name = each.key
  runtime       = "python3.13"
  handler       = "app.${each.key}"
  filename      = "app.zip"
  role          = aws_iam_role.all.arn
}
resource "aws_iam_role" "all" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
}
```
```hcl good
resource "aws_lambda_function" "each" {
  for_each      = toset(["orders", "mailer"])
  function_name = each.key
  runtime       = "python3.13"
  handler       = "app.${each.key}"
  filename      = "app.zip"
  role          = aws_iam_role.each[each.key].arn
}
resource "aws_iam_role" "each" {
  for_each = toset(["orders", "mailer"])
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
}
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: ses:SendEmail, Resource: arn:aws:ses:us-east-1:111122223333:identity/a.example}
functions:
  orders: {handler: app.orders}
  mailer: {handler: app.mailer}
```
```yaml good
service: orders
plugins: [serverless-iam-roles-per-function]
provider:
  name: aws
  runtime: python3.13
functions:
  orders: {handler: app.orders}
  mailer:
    handler: app.mailer
    iamRoleStatements:
      - {Effect: Allow, Action: ses:SendEmail, Resource: arn:aws:ses:us-east-1:111122223333:identity/a.example}
```

## Fix safety
Advice only: which of the permissions each function needs is written in its code.

## References
- [Lambda execution role](https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html)
- [Security overview of AWS Lambda](https://docs.aws.amazon.com/whitepapers/latest/security-overview-aws-lambda/security-overview-aws-lambda.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.statements import needs_only_the_service
from stockade.model.app import App, Function, Role
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, Tri, all_of, conjoin
from stockade.rules._base import LOW, MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.identity._roles import APPLIES, elsewhere, names, survey

_OWN = ": by `iamRoleStatements` and the plugin serverless-iam-roles-per-function, or as of version 4 by `iam.role`"


@rule(
    "SK211",
    "shared-role",
    severity=LOW,
    since="0.1",
    controls=["ROLE-6"],
    maps={"cwe": [250, 653]},
    aliases=["ae03f542", "4ba74f01", "165aae3b", "lambdaUniqueExecutionRole", "B.5", "CTL.LAMBDA.ROLE.SHARED.001"],
    applies=APPLIES,
    holds="the function has a role of its own",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Count the functions of each role, and ask what the role allows."""
    del ctx
    for role in survey(app).roles:
        together = [f for f in role.functions if any(_coexist(f, other) for other in role.functions if other is not f)]
        if not together:
            yield from found(NO, subject=role, message="")
            continue
        public, private = _sides(together)
        differ = f"; anyone can invoke {names(public)}, but not {names(private)}" if public and private else ""
        yield from found(
            YES & ~_harmless(app, role),
            subject=role,
            at=role,
            severity=MEDIUM if differ or len({_ways(f) for f in together}) > 1 else LOW,
            message=f"{names(together)} share the role `{role}`, so that each may do what any of them needs{differ}",
            help="give each function a role of its own, with what it calls" + by_format(role, "", "", _OWN),
            fix=Fix.advice("give each function a role of its own"),
            related=tuple(Label(f.role.origin, f"`{f}` runs as it") for f in together[:6]),
            functions=tuple(together),
            passes="the role allows nothing but what Lambda itself needs",
        )
    yield from elsewhere(app, "shares its role with another function")


def _coexist(one: Function, other: Function) -> bool:
    """Whether both functions can be there at once."""
    return conjoin(one.exists, other.exists) is not None


def _sides(functions: list[Function]) -> tuple[list[Function], list[Function]]:
    """The functions that somebody outside can invoke, and those that nobody outside can."""
    asked = [(f, f.invokers.any(lambda invoker: invoker.public)) for f in functions]
    return [f for f, answer in asked if answer.is_yes], [f for f, answer in asked if answer.is_no]


def _ways(function: Function) -> tuple[str, ...]:
    return tuple(sorted({invoker.via for invoker in function.invokers}))


def _harmless(app: App, role: Role) -> Tri:
    """Whether the role allows only what any function needs of the service."""
    managed = [one for owner, one in survey(app).attached if owner is role]
    if any(one.policy is not None and one.policy.kind != "service-role" for one in managed):
        return NO
    if any(unseen.role is role for unseen in survey(app).unseen):
        return NO
    return all_of(needs_only_the_service(statement) for policy in role.policies for statement in policy.statements)
