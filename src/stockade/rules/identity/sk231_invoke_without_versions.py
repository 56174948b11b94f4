"""A policy that lets a function be called, but none of its versions.

## What it does
Reports identity policies that allow `lambda:InvokeFunction` on the bare ARN of a function, and nowhere on the ARN with `:*`
behind it. For pedantic readers where the code publishes a version or alias of the function, else for auditors: other
tools' checklists ask for it.

## Why is this bad?
To Lambda the two are different resources. The bare ARN is for calls that name the function alone; a call that names a
version or an alias is refused. So it fails on the day when callers are moved to an alias, or when Step Functions is
given the ARN of a version.

## When it is fine
Where callers name the function alone, and are not to reach older versions, which may have faults that were mended since.

## Example
```yaml bad
Resources:
  Caller:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Action: lambda:InvokeFunction
          Resource: arn:aws:lambda:eu-west-1:111122223333:function:orders
```
```yaml good
Resources:
  Caller:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Action: lambda:InvokeFunction
          Resource:
            - arn:aws:lambda:eu-west-1:111122223333:function:orders
            - arn:aws:lambda:eu-west-1:111122223333:function:orders:*
```
```hcl bad
resource "aws_iam_policy" "caller" {
  name = "caller"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
    }]
  })
}
```
```hcl good
resource "aws_iam_policy" "caller" {
  name = "caller"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "lambda:InvokeFunction"
      Resource = [
        "arn:aws:lambda:eu-west-1:111122223333:function:orders",
        "arn:aws:lambda:eu-west-1:111122223333:function:orders:*",
      ]
    }]
  })
}
```
```yaml bad
service: shop
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - Effect: Allow
          Action: lambda:InvokeFunction
          Resource: arn:aws:lambda:eu-west-1:111122223333:function:orders
functions:
  caller: {handler: app.handler}
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - Effect: Allow
          Action: lambda:InvokeFunction
          Resource:
            - arn:aws:lambda:eu-west-1:111122223333:function:orders
            - arn:aws:lambda:eu-west-1:111122223333:function:orders:*
functions:
  caller: {handler: app.handler}
```

## Fix safety
Advice only: it allows more than before, every older version too. Where callers need but one alias, allow that one.

## References
- [Permissions by version and alias](https://docs.aws.amazon.com/lambda/latest/dg/versioning-aliases-permissions.html)
- [Policies of Step Functions for Lambda](https://docs.aws.amazon.com/step-functions/latest/dg/lambda-iam.html)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stockade.iam.allows import may_call
from stockade.iam.resources import texts_of
from stockade.knowledge import iam as facts
from stockade.model.app import App, Function, Policy, Version
from stockade.model.intent import Fix
from stockade.model.policy import Statement
from stockade.model.value import NO, YES, Tri, Value, all_of, any_of, given, maybe
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import told

_ACTION = "lambda:InvokeFunction"
_BY_ITSELF = frozenset({"resource", "generated", "connector"})  # forms that nobody writes, or that are put on resources
_HELP = "allow the ARN with `:*` too, or with the alias, if callers name a version or an alias"


@rule(
    "SK231",
    "invoke-without-versions",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["ROLE-8"],
    aliases=["0ca1017d"],
    applies="calls no function by a policy of the scanned code that names it",
    holds="what it may call, it may call by version and alias too",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look in every identity policy for the bare ARN of a function without the ARNs of its versions."""
    del ctx
    published = {id(function) for function in app.functions if not function.aliases.is_empty().is_yes}
    published |= {id(version.function) for version in app.of(Version)}
    for policy in app.of(Policy):
        if policy.form in _BY_ITSELF:
            continue
        grants = list(_grants(app, [policy]))
        bare = [grant for grant in grants if grant.is_bare]
        every = list(_grants(app, _together(policy))) if bare else []
        for grant in bare:
            function = grant.function(app)
            yield from found(
                grant.answer
                & grant.names_one()
                & ~any_of(grant.covered_by(other) for other in every)
                & ~_widely(app, policy),
                subject=policy,
                at=grant.leaf,
                message=f"`{policy}` lets `{told(app, grant.leaf)}` be invoked, but none of its versions and aliases",
                help=_HELP,
                fix=Fix.advice(_HELP),
                evidence=grant.leaf.show(),
                persona="pedantic" if function is not None and id(function) in published else "auditor",
            )


class _Grant:
    """One resource on which a statement allows the action, and whether it does."""

    def __init__(self, app: App, answer: Tri, text: str | None, leaf: Value[str]) -> None:
        self.answer = answer
        self.text = text or ""
        self.leaf = leaf
        self.known = text is not None
        self.targets = {reference.target for _, reference in leaf.references()}
        arns = [app.get(r.target) for _, r in leaf.references() if r.attribute == "Arn"]
        # The ARN of a function, with what may stand behind it.
        self.starts_with_arn = any(isinstance(found, Function) for found in arns) and ":function:" not in self.text
        # What stands behind `function:`, with marks for what is not known.
        self.name = self.text if self.starts_with_arn else self.text.partition(":function:")[2]

    @property
    def is_bare(self) -> bool:
        """Whether it is the ARN of a function, without a version behind it and without wildcards."""
        fields = self.text.split(":")
        whole = len(fields) == 7 and fields[2] == "lambda" and fields[5] == "function"
        return (whole or (self.starts_with_arn and len(fields) == 1)) and not set("*?") & set(self.name)

    def names_one(self) -> Tri:
        """MAYBE where a part of the name is not known, which may end in a wildcard; a reference to a function does not."""
        doubt = maybe("what the name ends in is not known", self.leaf.origin)
        return YES if self.targets else self.leaf.reads(r"[^*?]*") | doubt

    def covered_by(self, other: _Grant) -> Tri:
        """Whether another resource takes in the versions of this function."""
        if not other.known:
            return other.answer & maybe("one of the resources is not known", other.leaf.origin)
        if not other.name:
            arn = "arn:aws:lambda:region:account:function:name" if self.starts_with_arn else self.text
            return other.answer if facts.fits(other.text, f"{arn}:1") else NO
        same = other.targets == self.targets or not other.targets
        return other.answer if same and facts.fits(other.name, f"{self.name}:1") else NO

    def function(self, app: App) -> Function | None:
        """The function of the application that it is, if it is one."""
        named = [app.get(target) for target in self.targets]
        known = [found for found in named if isinstance(found, Function)]
        return next(iter(known or [f for f in app.functions if f.name.is_(self.name).is_yes]), None)


def _grants(app: App, policies: Iterable[Policy]) -> Iterator[_Grant]:
    for policy in policies:
        for statement in policy.statements:
            allows = statement.effect.is_("Allow") & _takes_in(statement)
            if allows.is_no or statement.resources is None:
                continue
            for when, text, leaf in texts_of(statement.resources):
                yield _Grant(app, given(policy.exists, given(statement.exists, given(when, allows))), text, leaf)


def _takes_in(statement: Statement) -> Tri:
    if statement.actions is None:
        return NO
    return statement.actions.any(lambda value: value.where(lambda v: facts.fits(str(v).lower(), _ACTION.lower())))


def _together(policy: Policy) -> list[Policy]:
    """A policy, and all that are attached to the same roles."""
    every = {id(policy): policy}
    every |= {id(other): other for role in policy.attached_to for other in role.policies}
    return list(every.values())


def _widely(app: App, policy: Policy) -> Tri:
    """Whether all roles that it is attached to may invoke every function anyway."""
    if not policy.attached_to:
        return NO
    return all_of(may_call(app, role, _ACTION, widely=True) for role in policy.attached_to)
