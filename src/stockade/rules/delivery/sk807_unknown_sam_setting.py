"""A setting that SAM does not have, or leaves out without a word.

## What it does
Reports sections and properties of `Globals` that SAM does not take there, properties in `IgnoreGlobals` that `Globals` does not
have, and what stands beside `Properties` of a resource `AWS::Serverless::…` and is no attribute of resources.

## Why is this bad?
SAM refuses the template for the former. The latter it leaves out: a network, a role or a limit that is written one level too far
out is not deployed, and nothing says so.

## When it is fine
Never: it has no effect, or can't be deployed.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src}
    ReservedConcurrentExecutions: 5
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src, ReservedConcurrentExecutions: 5}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Role: !Sub "arn:aws:iam::${AWS::AccountId}:role/orders"}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Timeout: 10}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src, Role: !Sub "arn:aws:iam::${AWS::AccountId}:role/orders"}
```
```json bad
{
  "Transform": "AWS::Serverless-2016-10-31",
  "Globals": {"Functions": {"Timeout": 10}},
  "Resources": {"Orders": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "app.handler"}}}
}
```
```json good
{
  "Transform": "AWS::Serverless-2016-10-31",
  "Globals": {"Function": {"Timeout": 10}},
  "Resources": {"Orders": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "app.handler"}}}
}
```

## Fix safety
Advice only: it has to move, or to go.

## References
- [Globals](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html)
- [Attributes of resources](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Unsupported
from stockade.model.intent import Fix
from stockade.model.value import NO, YES
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule

_FIX = Fix.advice("move the setting to where SAM takes it, or remove it")


@rule(
    "SK807",
    "unknown-sam-setting",
    severity=MEDIUM,
    since="0.1",
    controls=["DELV-2"],
    aliases=["E3724", "W3001"],
    applies="stands in nothing that SAM reads",
    holds="SAM takes every setting that is written for it",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Tell each setting at its place."""
    del ctx
    bad: set[int] = set()
    for setting in app.of(Unsupported):
        bad |= {id(function) for function in setting.functions}
        does = "SAM leaves it out" if setting.ignored else "SAM refuses the template"
        if setting.ignored and setting.near == "`Properties`":
            help_ = f"write it into {setting.near}"
        else:
            help_ = f"is `{setting.near}` meant?" if setting.near else "remove it, or write it where SAM takes it"
        yield from found(
            YES,
            subject=setting,
            at=setting,
            message=f"`{setting}` has no effect: {setting.what}, and {does}"
            if setting.ignored
            else f"`{setting}` is no setting of SAM's: {setting.what}, and {does}",
            help=help_,
            fix=_FIX,
        )
    for function in app.functions:
        if id(function) not in bad and app.unread(function, {Unsupported.kind}) is None:
            yield from found(NO, subject=function, message="")
