"""SnapStart that has no effect, or can't be had.

## What it does
Reports functions with SnapStart whose runtime does not support it, that have a file system or more than 512 MB of
`/tmp`, or of which no version is published.

## Why is this bad?
Lambda takes the snapshot when a version is published, so that for `$LATEST` there is none, and every start is as slow
as before. With a runtime, a file system or a `/tmp` that SnapStart does not work with, the deployment fails.

## When it is fine
Where versions are published by something else than this code.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: java21
      Handler: app.handler
      CodeUri: src/
      SnapStart: {ApplyOn: PublishedVersions}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: java21
      Handler: app.handler
      CodeUri: src/
      SnapStart: {ApplyOn: PublishedVersions}
      AutoPublishAlias: live
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: a.zip}
      SnapStart: {ApplyOn: PublishedVersions}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  snap_start { apply_on = "PublishedVersions" }
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  publish = true
  snap_start { apply_on = "PublishedVersions" }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    snapStart: true
    ephemeralStorageSize: 1024
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    snapStart: true
```

## Fix safety
Safe where SnapStart can't be had: it is switched off, and the function can be deployed. Where no version is published
it is advice.

## References
- [Improving startup performance with Lambda SnapStart](https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import runtimes
from stockade.model.app import App, Function, Version
from stockade.model.intent import Fix, Set
from stockade.model.value import NO, YES, Tri, any_of, given
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules._elsewhere import may_be_elsewhere
from stockade.rules._words import by_format

_MOST_TMP = 512  # MB; https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html (as of 2026-11-28)


@rule(
    "SK507",
    "void-snap-start",
    severity=LOW,
    since="0.1",
    controls=["PACK-1"],
    aliases=["E2530", "W2530", "I2530"],
    applies="has no SnapStart",
    holds="SnapStart is supported, and a version is published for it",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function with SnapStart for its runtime, its storage and its versions."""
    del ctx
    versioned: dict[int, Tri] = {}
    for version in app.of(Version):
        versioned[id(version.function)] = versioned.get(id(version.function), NO) | given(version.exists, YES)
    for function in app.functions:
        on = function.snap_start.is_("PublishedVersions")
        if on.is_no:
            yield from spared(function)
            continue
        refused = list(_refused(function))
        for answer, what in refused:
            yield from found(
                on & answer,
                subject=function,
                at=function.snap_start,
                severity=MEDIUM,
                message=f"`{function}` has SnapStart and {what}, which do not go together: Lambda refuses it",
                help="switch SnapStart off, or change the other",
                fix=Fix.safe("switch SnapStart off", Set(function, "snap_start", "None")),
                evidence=what,
            )
        published = versioned.get(id(function), NO) | any_of(given(alias.exists, YES) for alias in function.aliases)
        unversioned = ~published & ~may_be_elsewhere(app, function, Version)
        yield from found(
            on & unversioned & ~any_of(answer for answer, _ in refused),
            subject=function,
            at=function.snap_start,
            message=f"SnapStart of `{function}` has no effect: nothing publishes a version of it",
            help="publish a version"
            + by_format(function, " (in SAM with `AutoPublishAlias`)", " with `publish = true`"),
            fix=Fix.advice("publish a version, and have it called"),
            evidence="no version",
        )


def _refused(function: Function) -> Iterator[tuple[Tri, str]]:
    yield function.runtime.where(_without_snapshots), f"the runtime {function.runtime.show()}"
    yield function.ephemeral_storage.where(lambda v: int(v) > _MOST_TMP), f"more than {_MOST_TMP} MB of `/tmp`"
    yield any_of(value.is_set() for value in function.file_systems), "a file system"


def _without_snapshots(name: object) -> bool:
    known = runtimes.runtime(str(name))
    return known is not None and not known.snapstart
