"""A template that is written for the Serverless transform and does not declare it.

## What it does
Reports templates with resources of the types `AWS::Serverless::…`, with `Globals`, or with `Connectors` and `IgnoreGlobals` at
resources, and without `Transform: AWS::Serverless-2016-10-31`. Each template is told once.

## Why is this bad?
CloudFormation knows none of these and refuses the template, so that nothing of it is deployed. Stockade reads it as if the
transform were there.

## When it is fine
For templates that a program adds the transform to before it deploys them: ignore the finding with that as the reason.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src}
```
```json bad
{
  "Globals": {"Function": {"Timeout": 10}},
  "Resources": {"Work": {"Type": "AWS::SQS::Queue"}}
}
```
```json good
{
  "Transform": "AWS::Serverless-2016-10-31",
  "Globals": {"Function": {"Timeout": 10}},
  "Resources": {"Work": {"Type": "AWS::SQS::Queue"}}
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Table: {Type: AWS::Serverless::SimpleTable}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Transform: AWS::Serverless-2016-10-31
  Resources:
    Table: {Type: AWS::Serverless::SimpleTable}
```

## Fix safety
Advice only: the line to add stands in the help.

## References
- [The Serverless transform](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-serverless.html)
- [What a SAM template is made of](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Untransformed
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, Tri
from stockade.rules._base import MEDIUM, Context, Label, Outcome, found, rule

_FIX = Fix.advice("declare the transform")
_MOST = 5  # further places that are shown: there is one for every resource


@rule(
    "SK806",
    "missing-serverless-transform",
    severity=MEDIUM,
    since="0.1",
    controls=["DELV-2"],
    aliases=["E3038", "E3066"],
    applies="stands in nothing that a transform is for",
    holds="its template declares the transform that it needs, or needs none",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Tell each template once."""
    del ctx
    bad: set[int] = set()
    for template in app.of(Untransformed):
        bad |= {id(function) for function in template.functions}
        first, *others = template.uses
        yield from found(
            YES if template.unsure is None else Tri("maybe", (first.origin,), (template.unsure,)),
            subject=template,
            at=first.origin,
            message=f"`{template}` uses `{first.form}`, and declares no Serverless transform",
            help=f"write `Transform: {template.transform}` at its top",
            fix=_FIX,
            related=tuple(Label(use.origin, f"so does `{use.form}` need it") for use in others[:_MOST]),
        )
    for function in app.functions:
        if id(function) not in bad and app.unread(function, {Untransformed.kind}) is None:
            yield from found(NO, subject=function, message="")
