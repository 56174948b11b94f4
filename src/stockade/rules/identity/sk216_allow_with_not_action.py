"""Permission for everything but what is named.

## What it does
Reports `Allow` statements with `NotAction`, `NotResource` or `NotPrincipal`, in the policies and in the trust policy of
an execution role. `Deny` statements with them are fine, and quiet.

## Why is this bad?
It allows all that is *not* in the list: all other services, all other resources, all that AWS will add. Whoever reads
the statement sees the few things that it leaves out.

## When it is fine
With a narrow `Resource`, `NotAction` is bounded by it; it is told as less severe then.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, NotAction: "iam:*", Resource: "*"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}
  Jobs: {Type: AWS::SQS::Queue}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Statement: {Effect: Allow, NotAction: "iam:*", Resource: "*"}
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
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
data "aws_iam_policy_document" "orders" {
  statement {
    not_actions = ["iam:*"]
    resources   = ["*"]
  }
}
resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.name
  policy = data.aws_iam_policy_document.orders.json
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
data "aws_iam_policy_document" "orders" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.jobs.arn]
  }
}
resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.name
  policy = data.aws_iam_policy_document.orders.json
}
resource "aws_sqs_queue" "jobs" { name = "jobs" }
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, NotAction: "iam:*", Resource: "*"}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Jobs: {Type: AWS::SQS::Queue}
```

## Fix safety
Advice only: which actions the function calls is written in its code.

## References
- [NotAction](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html)
- [NotPrincipal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import given
from stockade.rules._base import HIGH, MEDIUM, Context, Outcome, found, rule
from stockade.rules.identity._roles import APPLIES, Fault, consequences, deed, few, others, survey, who

_FINE = "no statement allows everything but what is named"


@rule(
    "SK216",
    "allow-with-not-action",
    severity=HIGH,
    since="0.1",
    controls=["ROLE-12", "ROLE-2"],
    maps={"cwe": [250, 732]},
    aliases=[
        "W14",
        "W15",
        "W21",
        "F6",
        "W16",
        "W17",
        "W22",
        "W23",
        "IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_ACTION",
        "IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_RESOURCE",
        "IAM_ROLE_NO_ALLOW_PLUS_NOT_PRINCIPAL",
        "IAM_ROLE_NO_ALLOW_PLUS_NOT_ACTION_ON_TRUST_POLICY",
    ],
    applies=APPLIES,
    holds=_FINE,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role, its trust policy too."""
    del ctx
    known = survey(app)
    guilty: set[int] = set()
    for fault in known.faults.get("not-element", ()):
        guilty |= {id(role) for role in fault.roles}
        yield from fault.told(_tell(fault))
    for role in known.roles:
        for statement in role.trust:
            if statement.not_principals is None:
                continue
            guilty.add(id(role))
            named = few(principal.value.show() for principal in statement.not_principals)
            yield from found(
                given(statement.exists, statement.effect.is_("Allow")),
                subject=role,
                at=statement.origin,
                message=f"everybody but {named} may take `{role}`, the role of {who(role.functions, ())}",
                help="name in `Principal` who may take the role",
                fix=Fix.advice("name in `Principal` who may take the role"),
                evidence="trust",
            )
    yield from consequences(app, "not-element", guilty)
    yield from others(app, guilty, _FINE, ("not-element",))


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    yield from found(
        charge.answer,
        subject=fault.policy,
        at=charge.at,
        severity=HIGH if charge.breadth == "all" and not charge.weak else MEDIUM,
        message=f"{fault.who} {deed(charge)}",
        help="name what is allowed; a `Deny` statement can take away single actions or resources",
        fix=Fix.advice("name what is allowed"),
        evidence=",".join(charge.patterns),
    )
