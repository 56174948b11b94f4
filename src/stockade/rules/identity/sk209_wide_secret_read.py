"""Read access to secrets that are not named.

## What it does
Reports statements of an execution role that read the values of Secrets Manager or of Parameter Store on every resource,
or on all of the kind; and AWS's policies that do so for every secret or parameter. What a customer managed key encrypts can
be read only by who may decrypt with it too; the message says so where the role may not.

## Why is this bad?
One function's hole is then every database's password. A secret is worth keeping apart only if not everybody in the
account may read it.

## When it is fine
When a condition limits the secrets, by a tag for instance, it is quiet already. A function that copies or rotates all
secrets is an exception to be stated.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: "*"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: !Ref Db}
  Db: {Type: AWS::SecretsManager::Secret}
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
            Statement: {Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: "*"}
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
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]
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
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.db.arn]
  }
}
resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.name
  policy = data.aws_iam_policy_document.orders.json
}
resource "aws_secretsmanager_secret" "db" { name = "orders/db" }
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: "*"}
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
        - {Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: !Ref Db}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Db: {Type: AWS::SecretsManager::Secret}
```

## Fix safety
Advice only: which secrets the function reads is not written in the statement.

## References
- [Secrets Manager: permissions policy examples](https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html)
- [Restricting access to parameters](https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stockade.iam.allows import may_call
from stockade.iam.resources import texts_of
from stockade.iam.statements import Charge
from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import given, yes
from stockade.rules._base import HIGH, MEDIUM, Context, Outcome, Severity, found, rule
from stockade.rules.identity._narrow import apart
from stockade.rules.identity._roles import APPLIES, Fault, consequences, few, on_wide_resource, others, survey, who

_PARTS = 6  # of an ARN
_FINE = "reads of secrets and parameters name what they read"


@rule(
    "SK209",
    "wide-secret-read",
    severity=HIGH,
    since="0.1",
    controls=["ROLE-5"],
    maps={"cwe": [522, 732]},
    aliases=["CKV_AWS_107", "CKV_AWS_287"],
    applies=APPLIES,
    holds=_FINE,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement that reads secrets, and AWS's policies that do."""
    del ctx
    known = survey(app)
    guilty: set[int] = set()
    for fault in known.faults.get("secret-read", ()):
        guilty |= {id(role) for role in fault.roles}
        yield from fault.told(_tell(app, fault))
    yield from consequences(app, "secret-read", guilty)
    for role, one in known.attached:
        if one.policy is None or one.is_full_access or one.policy.kind in {"admin", "power"} or not one.secrets:
            continue
        guilty.add(id(role))
        yield from found(
            given(one.when, yes(one.leaf.origin)),
            subject=role,
            at=one.leaf,
            severity=_severity(one.secrets),
            message=f"{who(role.functions, (role,))} may call {few(one.secrets)} on everything through `{one.name}`",
            help="name the secrets and parameters that the function reads, in a statement of its own",
            fix=Fix.advice("name the secrets that the function reads"),
            evidence=one.name,
        )
    yield from others(app, guilty, _FINE, ("secret-read",))


def _tell(app: App, fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    actions = list(charge.named)
    severity = _severity(actions)
    what = "secret" if any(name.startswith("secretsmanager:") for name in actions) else "parameter"
    yield from on_wide_resource(
        fault,
        severity=severity,
        message=(
            f"{fault.who} may read every {what} of the {_where(charge)}{_keys(app, fault, what)} "
            f"({few(actions)}{charge.on})"
        ),
        help=f"name the {what}s that the function reads, by reference or by a path of your own{apart(charge)}",
        advice=f"name the {what}s that the function reads",
    )


def _where(charge: Charge) -> str:
    """How far "every" reaches: an ARN is of one region, where it names one."""
    resources = charge.statement.resources
    arns = [] if resources is None else [(text or "*").split(":", 5) for _, text, _ in texts_of(resources)]
    regions = {arn[3] if len(arn) == _PARTS else "*" for arn in arns}
    return "region" if len(regions) == 1 and not any(set("*?") & set(region) for region in regions) else "account"


def _keys(app: App, fault: Fault, what: str) -> str:
    """Which secrets it can read at all: what a key of the account's encrypts has to be decrypted with that key too."""
    if not all(may_call(app, role, "kms:Decrypt", widely=True).is_no for role in fault.roles):
        return ""
    some = not all(may_call(app, role, "kms:Decrypt").is_no for role in fault.roles)
    if what == "parameter":
        return f" but those under {'other ' if some else ''}customer managed keys" + (
            " than it may use" if some else ""
        )
    return " under the AWS managed key" + (" or a key that it may decrypt with" if some else "")


def _severity(actions: Iterable[str]) -> Severity:
    """Parameters are often no secrets; what Secrets Manager holds always is."""
    return HIGH if any(name.startswith("secretsmanager:") for name in actions) else MEDIUM
