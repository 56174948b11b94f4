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

from stockade.iam.allows import is_wide
from stockade.iam.managed import Attached
from stockade.iam.statements import Charge, Concern
from stockade.knowledge import iam as facts
from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.model.value import any_of, given, yes
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules.identity._roles import APPLIES, others, survey, who

_READS = ("lambda:GetFunction", "lambda:GetFunctionConfiguration")
_FINE = "its role reads the configuration of named functions only"
# Each statement that lets somebody read them is told of by one of these.
_TOLD: dict[Concern, str] = {
    "star-action": "SK203",
    "service-wildcard": "SK204",
    "action-wildcard": "SK205",
    "star-resource": "SK206",
    "service-wide-resource": "SK207",
    "not-element": "SK216",
}


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
    known = survey(app)
    guilty: set[int] = set()
    for concern, code in _TOLD.items():
        for fault in known.faults.get(concern, ()):
            charge = fault.charge
            answer = charge.answer & any_of(is_wide(charge.statement, name) for name in _READS if _names(charge, name))
            if answer.is_no:
                continue
            guilty |= {id(role) for role in fault.roles}
            yield from found(
                answer,
                subject=fault.policy,
                at=charge.resource_at or charge.at,
                message=f"{fault.who} may read the environment of every function of the account",
                evidence=f"{','.join(charge.patterns)} on {charge.resource}",
                told=code,
            )
    for role, one in known.attached:
        told = _told(one)
        if not told and not set(_READS) & set(one.open_actions.get("configuration-read", ())):
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
            told=told,
        )
    yield from others(app, guilty, _FINE, _TOLD)


def _names(charge: Charge, action: str) -> bool:
    """Whether a charge is about an action too."""
    if charge.concern == "not-element":
        return True
    return any(facts.fits(pattern.lower(), action.lower()) for pattern in charge.patterns)


def _told(one: Attached) -> str:
    """The rule that tells of the same policy where it is attached; empty where none does."""
    if one.policy is not None and one.policy.kind in {"admin", "power"}:
        return "SK201"
    if one.is_full_access:
        return "SK202"
    if one.secrets:
        return "SK209"
    return "SK206" if one.is_open else ""
