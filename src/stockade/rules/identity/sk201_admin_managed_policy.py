"""A managed policy that makes a function an administrator.

## What it does
Reports execution roles to which AWS attaches everything, or the right to give itself everything: `AdministratorAccess`,
`PowerUserAccess`, `IAMFullAccess` and every other AWS policy whose document says the like.

## Why is this bad?
Whoever gets code to run in the function (a vulnerable dependency, an injection, a leaked deployment key) has the whole
account: its data, its keys, its other functions, and the logs that would tell of it.

## When it is fine
Hardly ever. A function that deploys things can be given the actions of what it deploys, under a permissions boundary.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies: AdministratorAccess
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
        - !Sub arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess
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
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
```
```hcl bad
data "aws_partition" "current" {}
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
resource "aws_iam_role_policy_attachment" "orders" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AdministratorAccess"
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
resource "aws_iam_role_policy_attachment" "orders" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
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
        - arn:aws:iam::aws:policy/AdministratorAccess
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
Unsafe: the policy is taken away, and with it what the function really needs of it. Add that first. Where it is the only
one, the permission to write logs is put in its place.

## References
- [Lambda execution role](https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html)
- [Job function policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.managed import Attached
from stockade.model.app import App, Role
from stockade.model.intent import Add, Fix, Remove, Set
from stockade.model.places import is_terraform
from stockade.model.value import given, yes
from stockade.rules._base import CRITICAL, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.identity._roles import APPLIES, has, others, survey, who

_LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@rule(
    "SK201",
    "admin-managed-policy",
    severity=CRITICAL,
    since="0.1",
    controls=["ROLE-1"],
    maps={"aws-fsbp": ["IAM.1"], "cwe": [250, 269]},
    aliases=[
        "CKV_AWS_274",
        "CKV_AWS_275",
        "W43",
        "1b3af2f9",
        "IAM_ROLE_ADMINISTRATOR_ACCESS_POLICY_RULE",
        "iam_role_administratoraccess_policy",
        "lambdaAdminPrivileges",
    ],
    applies=APPLIES,
    holds="no managed policy makes the function an administrator",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask what is known of each managed policy."""
    del ctx
    guilty: set[int] = set()
    for role, one in survey(app).attached:
        if one.policy is None or one.policy.kind not in {"admin", "power"}:
            continue
        guilty.add(id(role))
        yield from found(
            given(one.when, yes(one.leaf.origin)),
            subject=role,
            at=one.leaf,
            message=f"{who(role.functions, (role,))} {has(role.functions)} `{one.name}`: {one.policy.reason}",
            help="allow only what the function calls: "
            + by_format(role, "a policy template or a statement", "a statement", "a statement")
            + " names actions and resources",
            fix=_fix(role, one),
            evidence=one.name,
        )
    yield from others(app, guilty, "no managed policy makes the function an administrator", managed=True)


def _fix(role: Role, one: Attached) -> Fix:
    """Detach the policy; where nothing else is left, what any function needs stays: to write its logs."""
    why = "the function loses every permission that it has through this policy; grant what it calls first"
    detach = Remove(role, "managed", one.leaf.origin)
    if role.generated or len(role.policies) or len(role.managed) > 1:
        return Fix.unsafe(f"detach {one.name}", detach, why=why)
    # A list of one is written anew as a whole; in Terraform an attachment is a resource of its own.
    intents = (detach, Add(role, "managed", _LOGS)) if is_terraform(role) else (Set(role, "managed", [_LOGS]),)
    return Fix.unsafe(f"detach {one.name}, and let the function write its logs", *intents, why=why)
