"""A runtime version that is held back from its patches.

## What it does
Reports functions and versions whose runtime management is `Manual`, and, for pedantic readers, `FunctionUpdate`.

## Why is this bad?
Lambda patches runtimes by itself. `Manual` pins one build of the runtime: from then on no security fix of the language
or the operating system arrives until somebody changes the setting, and nothing reminds them. With `FunctionUpdate`
patches wait for the next deployment, which for a quiet function may be years away.

## When it is fine
`Manual` is meant for going back to an older build while a patch is breaking you. Ignore the finding with an end date.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      RuntimeManagementConfig:
        UpdateRuntimeOn: Manual
        RuntimeVersionArn: arn:aws:lambda:eu-west-1::runtime:8eeff65f6809a3ce81507fe733fe09b835899b99481ba22fd75b5a7338
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      {Runtime: python3.13, Handler: app.handler, CodeUri: src/, RuntimeManagementConfig: {UpdateRuntimeOn: Auto}}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      RuntimeManagementConfig: {UpdateRuntimeOn: FunctionUpdate}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_runtime_management_config" "orders" {
  function_name       = aws_lambda_function.orders.function_name
  update_runtime_on   = "Manual"
  runtime_version_arn = "arn:aws:lambda:eu-west-1::runtime:8eeff65f6809a3ce81507fe733fe09b835899b99481ba22fd75b5a7338"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_runtime_management_config" "orders" {
  function_name     = aws_lambda_function.orders.function_name
  update_runtime_on = "Auto"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    runtimeManagement:
      mode: manual
      arn: arn:aws:lambda:eu-west-1::runtime:8eeff65f6809a3ce81507fe733fe09b835899b99481ba22fd75b5a7338
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13, runtimeManagement: onFunctionUpdate}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13, runtimeManagement: auto}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Unsafe: the patch that the pin keeps out arrives, and may be the one that broke the function.

## References
- [How Lambda manages runtime updates](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Version
from stockade.model.intent import Fix, Set, Unset
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.package._runtimes import APPLIES, functions_with_runtime, images


@rule(
    "SK504",
    "frozen-runtime-updates",
    severity=MEDIUM,
    since="0.1",
    controls=["PACK-1"],
    maps={"cwe": [1104]},
    applies=APPLIES,
    holds="patches of its runtime arrive by themselves",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function, and every version with a policy of its own."""
    del ctx
    yield from images(app)
    for function in functions_with_runtime(app):
        pinned = (Unset(function, "runtime_version"),) if function.runtime_version.is_set().is_yes else ()
        auto = Fix.unsafe(
            "let Lambda patch the runtime",
            Set(function, "runtime_update", "Auto"),
            *pinned,
            why="the runtime changes to its newest build, also where an older one was chosen for a reason",
        )
        later = function.runtime_update.is_("FunctionUpdate")
        yield from found(
            function.runtime_update.is_("Manual") | later,
            subject=function,
            at=function.runtime_update,
            severity=LOW if later.is_yes else MEDIUM,
            persona="pedantic" if later.is_yes else None,
            message=f"patches of its runtime reach `{function}` only when it is deployed"
            if later.is_yes
            else f"`{function}` is pinned to one build of its runtime, which gets no security patches",
            help="let Lambda patch the runtime, with "
            + by_format(
                function, "`UpdateRuntimeOn: Auto`", '`update_runtime_on = "Auto"`', "`runtimeManagement: auto`"
            ),
            fix=auto,
        )
    for version in app.of(Version):
        if version.function is not None and version.runtime_update.is_set().is_yes:
            yield from found(
                version.runtime_update.is_("Manual"),
                subject=version,
                functions=(version.function,),
                at=version.runtime_update,
                message=f"the version `{version}` of `{version.function}` is pinned to one build of its runtime",
                help="let Lambda patch the runtime of the version",
                fix=Fix.advice("publish a version without a pinned runtime"),
            )
