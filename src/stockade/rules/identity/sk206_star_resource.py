"""Every resource, for an action that can be limited to some.

## What it does
Reports statements of an execution role with the resource `*`, for the actions that IAM can limit to resources. It is
quiet for actions that can't (`ec2:DescribeInstances`), and where a condition limits the resources (`aws:ResourceTag/…`,
`dynamodb:LeadingKeys`). A condition on the account or region alone makes it less severe, not right. Where a condition
(`aws:ViaAWSService`) leaves the call to other AWS services, which make it for the function, it is for pedantic readers.

## Why is this bad?
The function uses one table; its role reads all of them, also those of other teams and those made next year. What an
attacker gets out of the function is what the role allows, not what the code does.

## When it is fine
When the function really works on all resources of the account, such as a backup or an inventory.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: sqs:SendMessage, Resource: "*"}
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
            Statement: {Effect: Allow, Action: sqs:SendMessage, Resource: "*"}
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
resource "aws_iam_policy" "orders" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }]
  })
}
resource "aws_iam_role_policy_attachment" "orders" {
  role       = aws_iam_role.orders.name
  policy_arn = aws_iam_policy.orders.arn
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
resource "aws_iam_policy" "orders" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.jobs.arn }]
  })
}
resource "aws_iam_role_policy_attachment" "orders" {
  role       = aws_iam_role.orders.name
  policy_arn = aws_iam_policy.orders.arn
}
resource "aws_sqs_queue" "jobs" { name = "jobs" }
```
```yaml bad
service: orders
plugins: [serverless-iam-roles-per-function]
provider:
  name: aws
  runtime: python3.13
functions:
  orders:
    handler: app.handler
    iamRoleStatements:
      - {Effect: Allow, Action: sqs:SendMessage, Resource: "*"}
```
```yaml good
service: orders
plugins: [serverless-iam-roles-per-function]
provider:
  name: aws
  runtime: python3.13
functions:
  orders:
    handler: app.handler
    iamRoleStatements:
      - {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}
resources:
  Resources:
    Jobs: {Type: AWS::SQS::Queue}
```

## Fix safety
Advice only: which resources the function uses is not written in the statement.

## References
- [Actions, resources and condition keys of AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
- [Grant least privilege access](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.managed import Attached
from stockade.iam.statements import Charge
from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import given, yes
from stockade.rules._base import HIGH, INFO, LOW, MEDIUM, Context, Outcome, Severity, found, rule
from stockade.rules.identity._roles import APPLIES, Fault, consequences, few, lower, others, survey, who

# Logs, secrets, keys, roles and functions have rules of their own, and AWS's policies for execution roles are its own.
_FINE = (
    "beside what other rules are about, `*` stands in its own statements only under a condition that limits it, "
    "or for actions that need it or take resources only as an extra"
)
_SEVERITIES: dict[str, Severity] = {
    "permissions": HIGH,
    "credentials": HIGH,
    "code": HIGH,
    "secrets": HIGH,
    "read": LOW,
}


@rule(
    "SK206",
    "star-resource",
    severity=MEDIUM,
    since="0.1",
    controls=["ROLE-3"],
    maps={"cwe": [250, 732]},
    aliases=[
        "CKV_AWS_355",
        "CKV_AWS_356",
        "CKV_AWS_108",
        "CKV_AWS_288",
        "CKV_AWS_111",
        "CKV_AWS_290",
        "CKV_AWS_109",
        "CKV_AWS_289",
        "W11",
        "W12",
        "W13",
        "AWS-0346",
        "IAM_POLICYDOCUMENT_NO_WILDCARD_RESOURCE",
        "S6304",
        "FG_R00218",
    ],
    applies=APPLIES,
    holds=_FINE,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role, and what AWS's policies leave open."""
    del ctx
    known = survey(app)
    guilty: set[int] = set()
    for fault in known.faults.get("star-resource", ()):
        guilty |= {id(role) for role in fault.roles}
        yield from fault.told(_tell(fault))
    yield from consequences(app, "star-resource", guilty)
    for role, one in known.attached:
        if one.policy is None or not one.is_open:
            continue
        guilty.add(id(role))
        yield from found(
            given(one.when, yes(one.leaf.origin)),
            subject=role,
            at=one.leaf,
            severity=LOW if one.policy.kind == "read-only" else MEDIUM,
            message=_of_managed(one, who(role.functions, (role,))),
            help="allow the actions that the function calls, on the resources that it uses",
            fix=Fix.advice("name the resources that the function uses"),
            evidence=one.name,
        )
    yield from others(app, guilty, _FINE, ("star-resource",))


def _of_managed(one: Attached, subject: str) -> str:
    """What one of AWS's policies leaves open."""
    reads = one.open_actions.get("data-read", ())
    if one.policy is not None and one.policy.kind == "read-only" and reads:
        # What `lambda:GetFunction` gives has the environment in it.
        beside = "lambda:GetFunctionConfiguration" in one.open_actions.get("configuration-read", ())
        beside = beside and "lambda:GetFunction" not in reads
        environments = ", and read the environment of every function," if beside else ""
        return f"{subject} may call {few(reads)} on every resource{environments} through `{one.name}`"
    return f"{subject} has `{one.name}`: {one.policy.reason if one.policy is not None else ''}"


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    yield from found(
        charge.answer,
        subject=fault.policy,
        at=charge.resource_at or charge.at,
        severity=_severity(charge),
        message=f"{fault.who} may call {few(charge.named)} on every resource",
        help=(
            "name the resources, best by reference; `*` belongs in a statement of its own, for actions that have none"
        ),
        fix=Fix.advice("name the resources that the function uses"),
        related=fault.action_label,
        persona="pedantic" if charge.is_slight else None,
        evidence=f"{','.join(charge.patterns)} on {charge.resource}",
    )


def _severity(charge: Charge) -> Severity:
    """By the worst that one of the actions does."""
    if charge.harms[0] == "metadata":
        return INFO
    severity = _SEVERITIES.get(charge.harms[0], MEDIUM)
    # Text messages go to telephone numbers, which are no resources.
    severity = LOW if charge.named == ("sns:Publish",) else severity
    return lower(severity) if charge.weak else severity
