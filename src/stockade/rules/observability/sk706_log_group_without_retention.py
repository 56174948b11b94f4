"""A log group that keeps everything for ever.

## What it does
Reports log groups without a retention.

## Why is this bad?
Logs hold what went through the function: addresses, names, at times whole events. What is kept for ever can leak for
ever, costs more every month, and breaks the promise to delete personal data.

## When it is fine
Where the logs have to be kept without end, and somebody decided so. `RetentionInDays` goes up to ten years.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/aws/lambda/${Orders}"}}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/aws/lambda/${Orders}", RetentionInDays: 90}}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, LoggingConfig: {LogGroup: !Ref Logs}}
  Logs: {Type: AWS::Logs::LogGroup}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.orders.name
  }
}
resource "aws_cloudwatch_log_group" "orders" {
  name = "orders"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.orders.name
  }
}
resource "aws_cloudwatch_log_group" "orders" {
  name              = "orders"
  retention_in_days = 90
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13, logRetentionInDays: 90}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Unsafe: lines older than the retention are deleted.

## References
- [Log retention](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from stockade.model.app import App, LogGroup
from stockade.model.intent import Fix, Set
from stockade.model.value import NO, File
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format, names
from stockade.rules.observability._functions import without_group, writers


class Options(Struct, frozen=True, rename="kebab"):
    """What can be configured."""

    days: Annotated[int, Meta(ge=1, description="the retention that the fix sets; AWS takes certain numbers only")] = 90
    at_least: Annotated[
        int, Meta(ge=0, description="how many days logs shall be kept: a shorter retention is reported; 0 for any")
    ] = 0


@rule(
    "SK706",
    "log-group-without-retention",
    severity=LOW,
    since="0.1",
    controls=["OBSV-4"],
    maps={"aws-fsbp": ["CloudWatch.16"]},
    aliases=[
        "CKV_AWS_66",
        "WS1004",
        "ef0b316a",
        "W86",
        "CW_LOGGROUP_RETENTION_PERIOD_CHECK",
        "CloudWatchLogGroupRetentionPeriod",
        "AC_AWS_0041",
        "AC_AWS_0452",
        "S6295",
        "S6413",
        "logRetentionPeriod",
        "LogGroupRetention",
        "CTL.LAMBDA.LOG.RETENTION.001",
    ],
    applies="has no log group in the scanned code",
    holds="its logs are deleted after a time",
    options=Options,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every log group for its retention."""
    options = ctx.options_of(Options)
    yield from without_group(app, "are kept for ever")
    written = writers(app)
    for group in app.of(LogGroup):
        functions = written.get(id(group), ())
        of = f"the logs of {names(functions)}" if functions else f"the logs in `{group}`"
        yield from found(
            ~group.retention.is_set(),
            subject=group,
            functions=functions,
            at=group.retention.origin if isinstance(group.retention.origin, File) else group,
            message=f"{of} are kept for ever: the log group{f' `{group}`' if functions else ''} has no retention",
            help="set "
            + by_format(group, "`RetentionInDays`", "`retention_in_days`", "`logRetentionInDays` under `provider`")
            + " to what you need them for",
            together="the logs of {} are kept for ever: their log groups have no retention" if group.generated else "",
            fix=Fix.unsafe(
                f"keep logs for {options.days} days",
                Set(group, "retention", options.days),
                why="lines older than that are deleted",
            ),
        )
        short = group.retention.where(lambda days: days < options.at_least) if options.at_least else NO
        if not short.is_no:
            yield from found(
                short & group.retention.is_set(),
                subject=group,
                functions=functions,
                at=group.retention,
                message=f"{of} are kept for {group.retention.show()} days, and shall be for {options.at_least}",
                help=f"set it to {options.at_least} or more",
                fix=Fix.safe(
                    f"keep logs for {max(options.days, options.at_least)} days",
                    Set(group, "retention", max(options.days, options.at_least)),
                ),
                evidence="shorter than configured",
            )
