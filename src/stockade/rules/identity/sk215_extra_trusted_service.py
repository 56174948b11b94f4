"""A function's role that other services may take too.

## What it does
Reports trust policies of execution roles that name services besides Lambda (and `edgelambda.amazonaws.com`).

## Why is this bad?
Whoever may pass the role to that service (start an instance, a task, a build with it) has the function's permissions
outside of the function, where its code does not stand in between. Mostly the service was copied from another template.

## When it is fine
One role for a function and the state machine that calls it. Two roles say better who needs what.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {Service: [lambda.amazonaws.com, ec2.amazonaws.com]}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, Role: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {Service: [lambda.amazonaws.com, apigateway.amazonaws.com]}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, Role: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "ec2.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "orders" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
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
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
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
    events:
      - schedule: {rate: rate(1 day), method: scheduler}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders:
    handler: app.handler
    events:
      - schedule: {rate: rate(1 day), method: eventBus}
```

## Fix safety
Unsafe: if the service does take the role, it can't any more.

## References
- [How to use trust policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html)
- [Lambda execution role](https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.principals import is_lambda, principals
from stockade.model.app import App, Role
from stockade.model.intent import Fix
from stockade.model.value import NO, File, Origin, Value, any_of, given
from stockade.rules._base import LOW, Context, Label, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.identity._roles import APPLIES, elsewhere, few, hidden_trust, survey, whose


@rule(
    "SK215",
    "extra-trusted-service",
    severity=LOW,
    since="0.1",
    controls=["ROLE-10"],
    maps={"cwe": [250, 284]},
    applies=APPLIES,
    holds="only Lambda may take the role",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every service of the trust policies whether it is Lambda."""
    del ctx
    for role in survey(app).roles:
        if role.functions:  # which services take the role of anything else is not told by its kind
            yield from _one(role)
    yield from hidden_trust(app)
    yield from elsewhere(app, "has a role that somebody else may take")


def _others(extra: list[Value[str]]) -> str:
    several = len({value.show() for value in extra}) > 1
    return f"give {'each of the other services' if several else 'the other service'} a role of its own"


def _schedules(extra: list[Value[str]]) -> str:
    """What to do where the framework lets EventBridge Scheduler take the role of the functions that it starts."""
    if not any(value.is_("scheduler.amazonaws.com").is_yes for value in extra):
        return ""
    return "let a rule of EventBridge start the function (`method: eventBus`), or declare the schedule with a role of its own"


def _places(values: list[Value[str]]) -> list[Origin]:
    """Where values stand, each place once: several services may come out of one expression."""
    places: dict[tuple[str, int, int], Origin] = {}
    for origin in (value.origin for value in values):
        if isinstance(origin, File):
            places.setdefault((origin.path, origin.span.start, origin.span.end), origin)
    return list(places.values())


def _one(role: Role) -> Iterator[Outcome]:
    answers = []
    extra = []
    for statement in role.trust:
        allows = given(statement.exists, statement.effect.is_("Allow"))
        for principal in principals(statement):
            if principal.kind != "Service":
                continue
            answer = allows & ~is_lambda(principal.value)
            if not answer.is_no:
                answers.append(answer)
                extra.append(principal.value)
    if not extra:
        yield from found(NO, subject=role, message="")
        return
    yield from found(
        any_of(answers),
        subject=role,
        at=extra[0],
        message=f"{few(value.show() for value in extra)} may take `{role}` too{whose(role)}",
        help="trust lambda.amazonaws.com alone; " + by_format(role, _others(extra), _others(extra), _schedules(extra)),
        fix=Fix.advice("trust lambda.amazonaws.com alone"),
        related=tuple(Label(origin, "and this service") for origin in _places(extra)[1:4]),
        evidence="trust",
    )
