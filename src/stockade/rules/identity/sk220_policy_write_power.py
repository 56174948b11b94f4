"""The right to change permissions.

## What it does
Reports statements of an execution role that may write or attach IAM policies, change trust policies, or make
credentials (`iam:PutRolePolicy`, `iam:AttachRolePolicy`, `iam:CreatePolicyVersion`, `iam:CreateAccessKey` …) and name
no roles or users.

Also those that name roles, where the function may both make a role of such a name (`iam:CreateRole`) and write or attach its
policies. That is less severe, least for one whole name: a role of that name must not be there yet.

## Why is this bad?
It is an administrator in two steps: whoever runs code in the function attaches AdministratorAccess to its own role. Who may
make a role says who may take it too: the function's own role, which needs no permission for that then. What the new role
is called limits nothing of what it may do.

## When it is fine
Never without a permissions boundary that the condition key `iam:PermissionsBoundary` demands, or, to attach policies to
named roles, without `iam:PolicyARN`; then it is quiet.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: {Effect: Allow, Action: iam:AttachRolePolicy, Resource: "*"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement:
            - Effect: Allow
              Action: iam:AttachRolePolicy
              Resource: "arn:aws:iam::111122223333:role/orders-tenant-*"
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
            Statement: {Effect: Allow, Action: iam:AttachRolePolicy, Resource: "*"}
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
    actions   = ["iam:AttachRolePolicy"]
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
    actions   = ["iam:AttachRolePolicy"]
    resources = ["arn:aws:iam::111122223333:role/orders-tenant-*"]
  }
}
resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.name
  policy = data.aws_iam_policy_document.orders.json
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
        - {Effect: Allow, Action: iam:AttachRolePolicy, Resource: "*"}
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
        - {Effect: Allow, Action: iam:AttachRolePolicy, Resource: "arn:aws:iam::111122223333:role/orders-tenant-*"}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only: which roles the function manages is not written in the statement.

## References
- [AssumeRole](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html)
- [Permissions boundaries](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from stockade.iam.actions import is_wildcard
from stockade.iam.conditions import limited
from stockade.iam.resources import may_concern, texts_of
from stockade.knowledge import iam as facts
from stockade.model.app import App, Policy, Role
from stockade.model.intent import Fix
from stockade.model.policy import Statement
from stockade.model.value import Origin, Tri, Value, When, given
from stockade.rules._base import CRITICAL, HIGH, MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules.identity._roles import (
    APPLIES,
    Fault,
    TakenBack,
    consequences,
    few,
    on_wide_resource,
    others,
    survey,
    who,
)

_FINE = "no statement changes IAM permissions of what it does not name, or of roles that another lets the function make"
# Who makes a role says in its trust policy who takes it; one of the same account that is named there needs no other permission:
# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (as of 2026-11-28).
_MAKES = "iam:createrole"
_GIVES = ("iam:attachrolepolicy", "iam:putrolepolicy")
_ROLES = ("iam", "role")


@rule(
    "SK220",
    "policy-write-power",
    severity=CRITICAL,
    since="0.1",
    controls=["ROLE-3", "ROLE-11"],
    maps={"cwe": [269]},
    aliases=[
        "CKV_AWS_110",
        "CKV_AWS_286",
        "AC_AWS_0473",
        "S6317",
        "iam_inline_policy_allows_privilege_escalation",
        "iam_policy_allows_privilege_escalation",
    ],
    applies=APPLIES,
    holds=_FINE,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Judge every statement of every execution role."""
    del ctx
    known = survey(app)
    guilty: set[int] = set()
    for fault in known.faults.get("policy-write", ()):
        guilty |= {id(role) for role in fault.roles}
        yield from fault.told(_tell(fault))
    yield from consequences(app, "policy-write", guilty)
    taken = TakenBack(app)
    for role in known.roles:
        if id(role) not in guilty:
            for outcome in _by_making(app, role, taken):
                guilty.add(id(role))
                yield outcome
    yield from others(app, guilty, _FINE, ("policy-write",))


def _tell(fault: Fault) -> Iterator[Outcome]:
    charge = fault.charge
    whom = "themselves" if len(fault.policy.functions) > 1 else "itself"
    yield from on_wide_resource(
        fault,
        severity=CRITICAL,
        message=f"{fault.who} may give {whom} any permission ({few(charge.named)}{charge.on})",
        help="name the roles, and demand a permissions boundary by a condition on iam:PermissionsBoundary",
        advice="name what may be changed, and demand a permissions boundary",
    )


class _Grant(Struct, frozen=True, eq=False):
    """One resource on which a statement allows an action, as it is written there."""

    policy: Policy
    statement: Statement
    pattern: str
    at: Origin
    when: When
    text: str | None
    resource: Value[str]

    @property
    def answer(self) -> Tri:
        """Whether it is allowed, and no condition limits it."""
        allows = self.statement.effect.is_("Allow") & ~limited(self.statement, "resource")
        return given(self.policy.exists, given(self.statement.exists, given(self.when, allows)))

    def meets(self, other: _Grant) -> bool:
        """Whether some role is certain to be meant by both."""
        if self.text is None or other.text is None:
            return self.resource.show() == other.resource.show()
        known = self.text.isprintable() and other.text.isprintable()
        fits = known and (facts.fits(self.text, other.text) or facts.fits(other.text, self.text))
        return fits or self.resource.show() == other.resource.show()


def _grants(app: App, role: Role, action: str) -> Iterator[_Grant]:
    for policy in role.policies:
        if policy.form in {"generated", "connector"}:
            continue
        for statement in policy.statements:
            if statement.actions is None or statement.resources is None or statement.effect.is_("Allow").is_no:
                continue
            patterns = [(text, leaf) for _, text, leaf in texts_of(statement.actions) if text is not None]
            named = next(((text, leaf) for text, leaf in patterns if facts.fits(text.lower(), action)), None)
            for when, text, leaf in texts_of(statement.resources, app) if named is not None else ():
                if named is not None and (text is None or may_concern(text, _ROLES)):
                    yield _Grant(policy, statement, named[0], named[1].origin, when, text, leaf)


def _by_making(app: App, role: Role, taken: TakenBack) -> Iterator[Outcome]:
    """What a role may do with roles that it makes itself: the first statement that gives them permissions."""
    makes = [grant for grant in _grants(app, role, _MAKES) if not grant.answer.is_no]
    for action in _GIVES if makes else ():
        for gives in _grants(app, role, action):
            made = next((grant for grant in makes if grant.meets(gives)), None)
            answer = gives.answer & made.answer if made is not None else None
            if made is None or answer is None or answer.is_no:
                continue
            if taken(role, gives.statement, (action,)) or taken(role, made.statement, (_MAKES,)):
                continue
            yield from _tell_made(role, gives, made, answer)
            return


def _tell_made(role: Role, gives: _Grant, made: _Grant, answer: Tri) -> Iterator[Outcome]:
    whom = "themselves" if len(role.functions) > 1 else "itself"
    boundary = "demand a permissions boundary by a condition on iam:PermissionsBoundary"
    attaches = facts.fits(gives.pattern.lower(), _GIVES[0])
    yield from found(
        answer,
        subject=gives.policy,
        at=gives.resource,
        severity=HIGH if set("*?") & set(gives.resource.show()) else MEDIUM,
        message=f"{who(role.functions, (role,))} may give {whom} any permission by making a role "
        f"({few((made.pattern, gives.pattern))} on `{gives.resource.show()}`)",
        help=f"{boundary}, or name the policies in a condition on iam:PolicyARN" if attaches else boundary,
        fix=Fix.advice("demand a permissions boundary"),
        functions=role.functions,
        related=(Label(made.at, "lets it make the role"), Label(gives.at, "lets it say what the role may do")),
        evidence=f"{made.pattern},{gives.pattern} on {gives.resource.show()}",
        told=_teller(gives.pattern),
    )


def _teller(pattern: str) -> str:
    """The rule that tells of a wildcard which takes in the action; empty where it is written out."""
    if not pattern.strip("*?:"):
        return "SK203"
    if not pattern.partition(":")[2].strip("*"):
        return "SK204"
    return "SK205" if is_wildcard(pattern) else ""
