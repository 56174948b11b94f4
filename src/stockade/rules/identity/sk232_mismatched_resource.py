"""An action that is allowed on what it can't be about.

## What it does
Reports actions that a statement of an execution role allows on resources of other kinds alone: invoking functions on the
stream of a table, writing log events to a log group and not to its streams, reading objects on a bucket and not on its
objects, or an action that takes no resource at all on one that is named. Where that is one of the action's own service, for the
pedantic persona alone, for some services take it all the same; so is what the CDK's library grants beside what fits.

## Why is this bad?
Such an action is allowed nowhere, and IAM does not say so. The function fails when it needs it, and what is tried then is
often `*`.

## When it is fine
Where another statement allows the action on what it is about; then it only misleads who reads the policy. What AWS's
reference says of an action may also lag behind what the service does.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::orders"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::orders/*"}
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
resource "aws_s3_bucket" "orders" {}
resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = aws_s3_bucket.orders.arn }]
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
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_s3_bucket" "orders" {}
resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.orders.arn}/*" }]
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
      statements:
        - {Effect: Allow, Action: "lambda:InvokeFunction", Resource: "arn:aws:sqs:*:*:orders"}
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
        - {Effect: Allow, Action: "lambda:InvokeFunction", Resource: "arn:aws:lambda:*:*:function:pay"}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only: what the action is meant for is for the author to say, and from then on it is allowed there.

## References
- [Actions, resources, and condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
- [Grammar of policies: resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stockade.model.app import App, Policy, Role
from stockade.model.intent import Fix
from stockade.model.policy import Statement
from stockade.model.value import any_of
from stockade.rules._base import LOW, Context, Label, Outcome, Persona, found, rule
from stockade.rules.identity._roles import few
from stockade.rules.identity._validity import APPLIES, faulty, is_by_framework, others, policies, where
from stockade.rules.observability._functions import not_ours
from stockade.rules.observability._log_access import writes_nowhere

if TYPE_CHECKING:
    from stockade.iam.validate.misfits import Misfit


@rule(
    "SK232",
    "mismatched-resource",
    severity=LOW,
    since="0.1",
    controls=["ROLE-12"],
    maps={"cwe": [1286]},
    applies=APPLIES,
    holds="every action that its policies allow can be about one of the resources that it is allowed on",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at every statement of every execution role whose resources can be some."""
    del ctx
    told = faulty(app)
    guilty: set[int] = set()
    for policy, roles in policies(app):
        from stockade.iam.validate.misfits import misfits  # of no use where no policy is

        for statement in policy.statements:
            if id(statement) in told or is_by_framework(app, policy, statement):
                continue
            wrong = tuple(misfits(statement, app))
            if wrong:
                guilty |= {id(role) for role in roles}
            for sure in (True, False):
                own = tuple(one for one in wrong if one.sure is sure)
                if own:
                    persona = _persona(policy, statement, wrong, sure=sure)
                    yield from _outcome(policy, roles, statement, own, persona, _told(app, roles, own))
    yield from others(app, guilty)


def _persona(policy: Policy, statement: Statement, wrong: tuple[Misfit, ...], *, sure: bool) -> Persona:
    """Who hears of it; the CDK's library lets a role do more to what it grants than there is to do, beside what is meant."""
    written = policy.site is None or not policy.site.refuses
    partly = statement.actions is not None and len(wrong) < len(statement.actions)
    return "regular" if sure and (written or not partly) else "pedantic"


_LOGS = frozenset({"logs:createlogstream", "logs:putlogevents"})


def _told(app: App, roles: tuple[Role, ...], wrong: tuple[Misfit, ...]) -> str:
    """The rule that tells of functions that write no logs for this very reason; empty where there is another."""
    functions = [function for role in roles for function in role.functions]
    of_logs = all(one.text.lower() in _LOGS for one in wrong)
    silent = all(not not_ours(each) and writes_nowhere(app, each).is_yes for each in functions)
    return "SK718" if of_logs and functions and silent else ""


def _outcome(
    policy: Policy,
    roles: tuple[Role, ...],
    statement: Statement,
    wrong: tuple[Misfit, ...],
    persona: Persona,
    told: str,
) -> Iterator[Outcome]:
    texts = [one.text for one in wrong]
    resources = [] if statement.resources is None else list(statement.resources)
    on = few((value.show() for value in resources), count=2, of="resources")
    actions = few(texts, of="actions")
    are, they = ("are", "they work") if len(wrong) > 1 else ("is", "it works")
    forms = wrong[0].forms
    why = "and so on nothing" if wrong[0].sure else f"while AWS's reference says that {they} on `*` alone"
    help_ = f"allow {actions} on `*`, in a statement of its own"
    if forms:
        help_ = f"`{texts[0]}` is about {' or '.join(f'`{form}`' for form in forms[:2])}"
    yield from found(
        any_of(one.answer for one in wrong),
        subject=policy,
        at=wrong[0].leaf,
        message=f"{where(policy, roles)}, {actions} {are} allowed on {on} only, {why}",
        help=help_,
        fix=Fix.advice(help_),
        related=tuple(Label(value.origin, "on these resources") for value in resources[:1]),
        evidence=",".join(texts),
        persona=persona,
        told=told,
    )
