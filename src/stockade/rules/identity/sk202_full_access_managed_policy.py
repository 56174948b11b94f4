"""A managed policy that gives a function all of a service.

## What it does
Reports AWS's policies that allow everything in a service on every resource: those called `…FullAccess`, and those that
are it without the name (`SecretsManagerReadWrite`). The severity is that of what the service holds.

## Why is this bad?
The policy was written for people who administer the service. A function that writes to one table can then delete all
of them, and change who else may read them. AWS adds actions to such policies without asking.

## When it is fine
For a function whose task is to administer the service for the whole account, such as a janitor of old log groups.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies: AmazonDynamoDBFullAccess
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - DynamoDBCrudPolicy: {TableName: orders}
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
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/AmazonS3FullAccess
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
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
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
resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "arn:aws:s3:::orders/*" }]
  })
}
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      managedPolicies:
        - arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess
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
        - {Effect: Allow, Action: dynamodb:PutItem, Resource: arn:aws:dynamodb:*:111122223333:table/orders}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Unsafe: the policy is taken away, and with it what the function really needs of it. Add that first.

## References
- [Lambda execution role](https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html)
- [SAM policy templates](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-templates.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.managed import Attached
from stockade.model.app import App
from stockade.model.intent import Fix, Remove
from stockade.model.value import given, yes
from stockade.rules._base import HIGH, MEDIUM, Context, Outcome, Severity, found, rule
from stockade.rules.identity._roles import APPLIES, few, has, others, survey, who, worst
from stockade.rules.identity._services import worst_of


@rule(
    "SK202",
    "full-access-managed-policy",
    severity=MEDIUM,
    since="0.1",
    controls=["ROLE-1"],
    maps={"cwe": [250, 269]},
    aliases=[
        "W44",
        "CKV2_AWS_56",
        "AWS-0345",
        "IAM_ROLE_ELEVATED_MANAGED_POLICY_RULE",
        "AwsSolutions-IAM4",
        "iam-policy-blocked-check",
    ],
    applies=APPLIES,
    holds="no managed policy gives the function all of a service",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask what is known of each managed policy."""
    del ctx
    guilty: set[int] = set()
    for role, one in survey(app).attached:
        if one.policy is None or not one.is_full_access:
            continue
        guilty.add(id(role))
        services = few(one.policy.services)
        what = f"everything in {services} on every resource" if services else "all of the service"
        what += f", and {few(one.beyond, 3)} on all that there is" if services and one.beyond else ""
        yield from found(
            given(one.when, yes(one.leaf.origin)),
            subject=role,
            at=one.leaf,
            severity=_severity(one),
            message=f"{who(role.functions, (role,))} {has(role.functions)} `{one.name}`, which allows {what}",
            help="grant the actions that the function calls, on the resources that it uses",
            fix=Fix.unsafe(
                f"detach {one.name}",
                Remove(role, "managed", one.leaf.origin),
                why="the function loses every permission that it has through this policy; grant what it calls first",
            ),
            evidence=one.name,
        )
    yield from others(app, guilty, "no managed policy gives the function all of a service", managed=True)


def _severity(one: Attached) -> Severity:
    """By what the service holds; no policy is as bad as those of `admin-managed-policy`."""
    services = one.policy.services if one.policy is not None else ()
    found_ = worst([worst_of(services), MEDIUM]) if one.beyond else worst_of(services)
    return HIGH if found_ == "critical" else found_
